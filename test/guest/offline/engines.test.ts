import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { ScriptEngine } from '../../../lab/windows/guest.ts';
import type { GuestResult } from '../../../shared/model/guest-result.ts';
import { comparable } from '../online/support/comparable.ts';
import { itFailsWithPwsh, itWithPwsh } from '../online/support/pwsh.ts';
import { BROKEN_DISKS } from './causes.ts';
import { attachToRescue } from './rescue.ts';

const HELPERS = ['offline/serial-console', 'offline/crash-dump', 'offline/release-disk'];

/** A key that may not be seen, and a DWORD that reads back unsigned: red until the scripts mend it. */
const RED = ['machine-keys', 'rdp-listener', 'the listener is gone'];

/** One disk of each generation. */
const WITH_HELPERS = ['tls', 'tls-agent-not-ready'];

interface Run {
  id: string;
  parameters?: Record<string, string>;
}

/** What each script said, in order, and what is left on the disk. */
async function repair(
  original: GuestDisk,
  runs: readonly Run[],
  engine: ScriptEngine,
): Promise<{ results: GuestResult[]; disk: unknown }> {
  const disk = structuredClone(original);
  const rescue = await attachToRescue(disk, { engine });
  try {
    const results: GuestResult[] = [];
    for (const { id, parameters } of runs) results.push(await rescue.run(id, parameters));
    return { results, disk: comparable(disk) };
  } finally {
    await rescue.close();
  }
}

describe('PowerShell and its model, offline', () => {
  for (const { what, make, script, parameters } of BROKEN_DISKS) {
    const test = RED.includes(what) ? itFailsWithPwsh : itWithPwsh;
    test(`repair a disk alike, and leave the same: ${script}, ${what}`, async () => {
      const original = make();
      const runs: Run[] = [
        { id: 'offline/diagnose' },
        { id: script, ...(parameters && { parameters }) },
        ...(WITH_HELPERS.includes(what) ? HELPERS : []).map((id) => ({ id })),
      ];
      const scripts = await repair(original, runs, 'pwsh');
      const models = await repair(original, runs, 'model');
      expect(comparable(scripts.results)).toEqual(comparable(models.results));
      expect(scripts.disk).toEqual(models.disk);
    });
  }
});
