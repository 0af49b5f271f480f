import { makeFleet } from '../../../lab/fleet/index.ts';
import { GUEST_SCRIPTS } from '../../../shared/catalog/guest-scripts.ts';
import { expectAlike } from './support/engines.ts';
import { itFailsWithPwsh, itWithPwsh } from './support/pwsh.ts';
import { NOW } from './support/vm.ts';

const VMS = makeFleet({ now: NOW }).filter(
  ({ spec }) => spec.osType !== 'Linux' && spec.name !== 'tls-agent-not-ready',
);
const ALL = GUEST_SCRIPTS.map(({ id }) => id).filter(
  (id) => id.startsWith('online/') && id !== 'online/peer-certificate',
);

/** What the runbook would run: all of it on a healthy VM, else what repairs its cause, between two diagnoses. */
function scriptsFor(name: string, cause: string | undefined): string[] {
  if (name === 'healthy') return ALL;
  const repairs = cause === undefined || cause === 'open-to-internet' ? [] : [`online/${cause}`];
  const after = cause === 'tls' ? ['online/group-policy'] : [];
  const beyond = name === 'beyond-repair' ? ['online/term-service'] : [];
  return ['online/diagnose', ...repairs, ...after, ...beyond, 'online/diagnose'];
}

/** Keys that may not be seen, and a DWORD that reads back unsigned: red until the scripts mend it. */
const RED = ['machine-keys', 'rdp-listener'];

describe('PowerShell and its model', () => {
  for (const { spec, cause } of VMS) {
    const test = RED.includes(spec.name) ? itFailsWithPwsh : itWithPwsh;
    test(`repair ${spec.name} alike, step by step, and leave the same disk`, async () => {
      const scripts = scriptsFor(spec.name, cause);
      await expectAlike(spec.name, scripts, spec.osDisk);
    });
  }
});
