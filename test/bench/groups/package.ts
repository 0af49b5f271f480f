import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stagePackage, zipOf } from '../../../scripts/package/stage.ts';
import { PACKAGE_ROOT } from '../../../shared/package-root.ts';
import { writeUnbundled } from '../unbundled.ts';
import { atMost, exactly, round, table, type Measurement } from '../row.ts';

/** Each is loaded so often, in turn, and the quickest counts: what else the machine does only makes it slower. */
const TIMES = 5;

/** What is deployed, beside the same code with its packages left as they are installed. */
export async function measure(storage: string): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-package-'));
  // Beside node_modules, or its packages are not found.
  const apart = mkdtempSync(join(PACKAGE_ROOT, 'dist-bench-'));
  try {
    await stagePackage({ folder, policy: undefined });
    const megabytes = zipOf(folder).byteLength / 1e6;
    const unbundled = writeUnbundled(apart);
    const entry = join(folder, 'dist/functions/index.js');
    const cold = sideBySide(entry, unbundled, storage, forgetDisk);
    const warm = sideBySide(entry, unbundled, storage);
    const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    return {
      virtual: [],
      real: [
        atMost('Package as a zip, MB', megabytes, 8, 1),
        atMost(
          'Load of all functions over that without bundling, at a cold start',
          cold.bundled / cold.installed,
          0.35,
        ),
        exactly('Source maps that are missing from the package', existsSync(`${entry}.map`) ? 0 : 1, 0),
        exactly(
          'Packages built in whose licence is not named',
          notices.match(/: not named$/gm)?.length ?? 0,
          0,
        ),
      ],
      detail: table([
        ['load of all functions, ms', 'at a cold start', 'read before'],
        ['bundled', round(cold.bundled, 0), round(warm.bundled, 0)],
        ['each module by itself, packages as installed', round(cold.installed, 0), round(warm.installed, 0)],
      ]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(apart, { recursive: true, force: true });
  }
}

interface Loads {
  /** In milliseconds. */
  readonly bundled: number;
  readonly installed: number;
}

/** In turn, so that whatever else the machine does meets both. */
function sideBySide(bundled: string, installed: string, storage: string, before?: () => void): Loads {
  const loads = Array.from({ length: TIMES }, () =>
    [bundled, installed].map((entry) => load(entry, storage, before)),
  );
  const quickest = (which: number): number => Math.min(...loads.map((both) => both[which] ?? Infinity));
  return { bundled: quickest(0), installed: quickest(1) };
}

function load(entry: string, storage: string, before?: () => void): number {
  // What an earlier load compiled is not there at a cold start.
  const env = { ...process.env, AzureWebJobsStorage: storage, NODE_DISABLE_COMPILE_CACHE: '1' };
  before?.();
  const printed = execFileSync(process.execPath, ['test/bench/load-app.ts', entry], {
    cwd: PACKAGE_ROOT,
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(printed);
}

/**
 * Has the kernel read files from the disk again, as the machine of a cold start does, which has never seen them (kernel.org, sysctl/vm,
 * drop_caches); Node itself is in memory again afterwards.
 * @throws Error without the rights of root, or elsewhere than on Linux
 */
function forgetDisk(): void {
  execFileSync('sync');
  writeFileSync('/proc/sys/vm/drop_caches', '3');
  execFileSync(process.execPath, ['--eval', '']);
}
