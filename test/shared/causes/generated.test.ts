import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAdviceVms, makeCauseVms, makeFleet } from '../../../lab/fleet/index.ts';
import { readCauses } from '../../../scripts/generated/causes.ts';
import { generatedFiles } from '../../../scripts/generated/files.ts';
import { CAUSES } from '../../../shared/causes/index.ts';
import { NOW } from '../../lab/windows/support.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ids = CAUSES.map(({ id }) => id);

test('what is written from the causes is up to date: else `npm run generate`', async () => {
  const stale = (await generatedFiles()).filter(({ isFresh }) => !isFresh);
  expect(stale.map(({ path }) => path)).toEqual([]);
});

describe('a cause has the same name everywhere', () => {
  it('is one file of its own name, in the order of the runbook', async () => {
    const files = await readCauses();
    expect(files.map(({ name }) => name)).toEqual(ids);
    expect(files.map(({ cause }) => cause.id)).toEqual(ids);
  });

  it('has a VM that suffers from it, and no VM suffers from a cause nobody knows', () => {
    const vms = [makeFleet, makeCauseVms, makeAdviceVms].flatMap((make) => make({ now: NOW }));
    const named = vms.filter(({ spec, cause }) => spec.name === cause).map(({ cause }) => cause ?? '');
    expect(named.toSorted()).toEqual(ids.toSorted());
    expect(vms.flatMap(({ cause }) => cause ?? []).filter((cause) => !ids.includes(cause))).toEqual([]);
  });

  it('has one row in the runbook', () => {
    const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
    const [, table = ''] = /<!-- causes:[^>]*-->([^]*)<!-- end of causes -->/.exec(runbook) ?? [];
    const rows = [...table.matchAll(/^\| [^|]+ \| `([a-z-]+)`: /gm)].map(([, id]) => id);
    expect(rows).toEqual(ids);
  });
});
