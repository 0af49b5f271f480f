import type { GuestDisk } from '../../../../lab/windows/disk.ts';
import type { GuestResult } from '../../../../shared/model/guest-result.ts';
import { comparable, comparableDisk } from './comparable.ts';
import { startVm, type VmOptions } from './vm.ts';

/** Runs the scripts in both engines, each on a copy of the disk: same results in order, same disks at the end. */
export async function expectAlike(name: string, scripts: readonly string[], disk: GuestDisk): Promise<void> {
  const real = await repair(name, scripts, { engine: 'pwsh', disk: structuredClone(disk) });
  const model = await repair(name, scripts, { engine: 'model', disk: structuredClone(disk) });
  expect(comparable(real.results)).toEqual(comparable(model.results));
  expect(real.disk).toEqual(model.disk);
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
