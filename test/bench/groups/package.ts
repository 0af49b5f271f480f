import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
    const both = [entry, unbundled].map((one) => quickest(one, storage));
    const [bundled = 0, installed = 0] = both;
    const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    return {
      virtual: [],
      real: [
        atMost('Package as a zip, MB', megabytes, 8, 1),
        atMost('Load of all functions over that without bundling', bundled / installed, 0.35),
        exactly('Source maps that are missing from the package', existsSync(`${entry}.map`) ? 0 : 1, 0),
        exactly(
          'Packages built in whose licence is not named',
          notices.match(/: not named$/gm)?.length ?? 0,
          0,
        ),
      ],
      detail: table([
        ['load of all functions', 'ms'],
        ['bundled', round(bundled, 0)],
        ['each module by itself, packages as installed', round(installed, 0)],
      ]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(apart, { recursive: true, force: true });
  }
}

function quickest(entry: string, storage: string): number {
  // What an earlier load compiled is not there at a cold start.
  const env = { ...process.env, AzureWebJobsStorage: storage, NODE_DISABLE_COMPILE_CACHE: '1' };
  const loads = Array.from({ length: TIMES }, () =>
    Number(
      execFileSync(process.execPath, ['test/bench/load-app.ts', entry], {
        cwd: PACKAGE_ROOT,
        encoding: 'utf8',
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ),
  );
  return Math.min(...loads);
}
