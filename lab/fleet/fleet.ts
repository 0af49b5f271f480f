import { copyDisk } from '../windows/copy-disk.ts';
import type { Fault } from './faults/fault.ts';
import type { FleetVm } from './fleet-vm.ts';
import { adviceVms } from './vms/advice.ts';
import { beyondRepairVms } from './vms/beyond-repair.ts';
import { causeVms } from './vms/causes.ts';
import { certificateVms } from './vms/certificates.ts';
import { networkVms } from './vms/network.ts';
import { plainVms } from './vms/plain.ts';
import { portVms } from './vms/port.ts';
import { refusedVms } from './vms/refused.ts';
import { settingsVms } from './vms/settings.ts';
import { tlsVms } from './vms/tls.ts';

/**
 * The named VMs of demo and tests, one for each cause and more; fresh disks with every call.
 * @param now milliseconds since the epoch on the lab's clock: certificates are dated by it
 */
export function makeFleet({ now }: { now: number }): FleetVm[] {
  return [
    ...plainVms(now),
    ...networkVms(now),
    ...portVms(now),
    ...settingsVms(now),
    ...certificateVms(now),
    ...tlsVms(now),
    ...beyondRepairVms(now),
  ];
}

/** As `makeFleet`, of the causes that only `shared/causes` knows how to repair. */
export function makeCauseVms({ now }: { now: number }): FleetVm[] {
  return causeVms(now);
}

/** VMs that are found to be at fault, and which only a person can mend. */
export function makeAdviceVms({ now }: { now: number }): FleetVm[] {
  return adviceVms(now);
}

/** VMs that preflight must refuse; apart from the fleet, for each of them needs nothing else. */
export function makeRefusedVms({ now }: { now: number }): FleetVm[] {
  return refusedVms(now);
}

const MAKERS = [makeFleet, makeCauseVms, makeAdviceVms, makeRefusedVms];
const made = new Map<string, FleetVm[]>();

/** Signing certificates takes a while: a list is made where one of its VMs may be asked for, and once for each time. */
function* lists(now: number): Iterable<FleetVm[]> {
  for (const make of MAKERS) {
    const key = `${make.name} ${String(now)}`;
    const list = made.get(key) ?? make({ now });
    made.set(key, list);
    yield list;
  }
}

/**
 * One VM of the fleet (or of the lists above) by its name, with a fresh disk and whatever else is to be wrong with it.
 * @throws RangeError for an unknown one
 */
export function fleetVm(
  name: string,
  { now, faults = [] }: { now: number; faults?: readonly Fault[] },
): FleetVm {
  for (const list of lists(now)) {
    const vm = list.find(({ spec }) => spec.name === name);
    if (!vm) continue;
    const { spec, ...known } = vm;
    const { osDisk, ...azure } = spec;
    const copy = {
      ...structuredClone(known),
      spec: { ...structuredClone(azure), osDisk: copyDisk(osDisk) },
    };
    for (const fault of faults) fault(copy.spec.osDisk);
    return copy;
  }
  throw new RangeError(`the fleet has no VM ${name}`);
}
