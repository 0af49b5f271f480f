import type { Facts } from '../model/facts.ts';
import type { Cause } from './cause.ts';
import { findingsOf } from './finding.ts';

/** More than Kerberos bears. */
const TOLERATED_SECONDS = 300;
/** By a day and more a certificate made now is not valid yet, or no longer, to everybody else. */
const DAY_SECONDS = 24 * 3600;

const FINDINGS = { ClockSkew: 'the clock is wrong, which breaks certificate checks and logons' } as const;
const found = findingsOf('clock-skew', FINDINGS);

/** A certificate that is made now is of no use to anybody else. */
export function isClockFarOff({ clockAheadSeconds }: Facts): boolean {
  return Math.abs(clockAheadSeconds ?? 0) > DAY_SECONDS;
}

/** A member of a domain lets nobody log on then; a workgroup's VM is only hurt by more. */
const detect: Cause['detect'] = ({ facts }) => {
  const seconds = facts.clockAheadSeconds ?? 0;
  if (Math.abs(seconds) <= TOLERATED_SECONDS) return [];
  const isFault = facts.windows.domain !== '' || isClockFarOff(facts);
  return [found('ClockSkew', isFault ? 'fault' : 'warning', { seconds })];
};

/** Setting a clock moves everything that runs by it: for a person to do. */
export const clockSkew: Cause = {
  id: 'clock-skew',
  step: 'certificate-and-keys',
  order: 60,
  title: 'The clock of the VM is wrong',
  findings: FINDINGS,
  reads: [],
  writes: [],
  detect,
  repair: () => [],
  takesEffect: 'now',
  words: {
    seen: "The clock differs by more than five minutes from the host's (a fault in a domain, or by more than a day).",
    mend: 'Nothing: changing the clock affects everything that depends on it.',
    guidance:
      'Set the clock, and check that the W32Time service is running and uses the right time source; in a domain, fix the domain controller first.',
    byHand: '`w32tm.exe /query /source`, `w32tm.exe /resync /force`',
    undo: 'Nothing to undo.',
  },
  recipe: [],
};
