import { makeFleet } from '../../../lab/fleet/index.ts';
import { GUEST_SCRIPTS } from '../../../shared/catalog/guest-scripts.ts';
import type { GuestResult } from '../../../shared/model/guest-result.ts';
import { comparable, comparableDisk } from './support/comparable.ts';
import { CAUSES } from './support/causes.ts';
import { itWithPwsh } from './support/pwsh.ts';
import { brokenDisk, NOW, startVm, type VmOptions } from './support/vm.ts';

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

/** What each script said, and what is left on the disk; restarts as they are asked for. */
async function repair(
  name: string,
  scripts: readonly string[],
  options: VmOptions,
): Promise<{ results: GuestResult[]; disk: unknown }> {
  const attackers = name === 'open-to-internet' ? ['203.0.113.11', '192.0.2.54'] : [];
  const vm = await startVm(name, { attackers, ...options });
  try {
    const results: GuestResult[] = [];
    for (const id of scripts) {
      const result = await vm.run(id);
      results.push(result);
      if (result.restart === 'vm') await vm.restart();
    }
    return { results, disk: comparableDisk(vm.disk) };
  } finally {
    await vm.close();
  }
}

describe('PowerShell and its model', () => {
  for (const { spec, cause } of VMS) {
    itWithPwsh(`repair ${spec.name} alike, step by step, and leave the same disk`, async () => {
      const scripts = scriptsFor(spec.name, cause);
      const real = await repair(spec.name, scripts, { engine: 'pwsh' });
      const model = await repair(spec.name, scripts, { engine: 'model' });
      expect(comparable(real.results)).toEqual(comparable(model.results));
      expect(real.disk).toEqual(model.disk);
    });
  }

  for (const { fault, vm, script, faults } of CAUSES.filter((given) => given.faults !== undefined)) {
    itWithPwsh(`repair ${fault} alike, and leave the same disk`, async () => {
      const disk = brokenDisk(vm, faults);
      const scripts = [`online/${script}`];
      const real = await repair(vm, scripts, { engine: 'pwsh', disk: structuredClone(disk) });
      const model = await repair(vm, scripts, { engine: 'model', disk: structuredClone(disk) });
      expect(comparable(real.results)).toEqual(comparable(model.results));
      expect(real.disk).toEqual(model.disk);
    });
  }
});
