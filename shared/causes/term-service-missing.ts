import type { Cause } from './cause.ts';
import { findingsOf } from './finding.ts';
import { eachSet, inSet, keyOf, serviceOf } from './look.ts';
import { serviceQuery } from './services.ts';

const SERVICE = 'TermService';
const FINDINGS = { TermServiceMissing: 'the Remote Desktop service is not installed' } as const;
const found = findingsOf('term-service-missing', FINDINGS);

const detect: Cause['detect'] = (look) => {
  const { facts } = look;
  if (facts.scope === 'online') {
    const isGone = facts.services.error === null && !serviceOf(facts, SERVICE);
    return isGone ? [found('TermServiceMissing', 'fault')] : [];
  }
  return eachSet(look, (set) =>
    keyOf(facts, set, `Services\\${SERVICE}`)?.state === 'missing'
      ? [found('TermServiceMissing', 'fault', inSet(look, set))]
      : [],
  );
};

/** What belongs into its key differs by version: only a person can put it back. */
export const termServiceMissing: Cause = {
  id: 'term-service-missing',
  step: 'rdp-port',
  order: 25,
  title: 'Remote Desktop Services is not installed',
  findings: FINDINGS,
  reads: [serviceQuery(SERVICE)],
  writes: [],
  detect,
  repair: () => [],
  takesEffect: 'now',
  words: {
    seen: 'There is no `TermService` service: its registry key is missing.',
    mend: 'Nothing: the right settings depend on the Windows version.',
    guidance:
      'Import the key Services\\TermService from a VM of the same Windows version, or restore the VM from a backup taken before it was lost; then start the repair again.',
    byHand:
      '`reg.exe export HKLM\\SYSTEM\\CurrentControlSet\\Services\\TermService termservice.reg` on a VM of the same version, `reg.exe import termservice.reg` here, restart',
    undo: '`reg.exe delete HKLM\\SYSTEM\\CurrentControlSet\\Services\\TermService`',
  },
  recipe: [],
};
