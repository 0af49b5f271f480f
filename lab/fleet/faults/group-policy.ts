import type { PolicyQuirk } from '../../windows/quirks.ts';
import { quirksOf } from '../disk/quirks.ts';
import type { Fault } from './fault.ts';

function policyQuirk(quirk: PolicyQuirk): Fault {
  return (disk) => {
    const quirks = quirksOf(disk);
    quirks.policy = { ...quirks.policy, ...quirk };
  };
}

/** No domain controller answers: a refresh ends with an error, though the Group Policy service works. */
export const loseDomainController: Fault = policyQuirk({ unreachable: true });
/** A policy installs software: a refresh asks whether it may restart the computer. */
export const installSoftwareByPolicy: Fault = policyQuirk({ asks: true });

export function refreshesSlowly(seconds: number): Fault {
  return policyQuirk({ seconds });
}
