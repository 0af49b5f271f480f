import { KIND_GROUPS } from '../../../lab/fleet/kinds/index.ts';
import type { Theatre } from '../support/theatre.ts';
import { eachOf } from '../../support/rows.ts';
import { combinationsOf, openCombined, play } from './support/combined.ts';
import { coveringRows, pairsOf } from './support/covering.ts';

const ROWS = combinationsOf(16, 1);

describe('combinations of kinds', () => {
  it('cover every two kinds that go together', () => {
    const rows = coveringRows(KIND_GROUPS, 1);
    const seen = new Set(
      rows.flatMap((row) =>
        row.flatMap((one) => row.map((other) => [one.name, other.name].sort().join(' + '))),
      ),
    );
    const missing = [...pairsOf(KIND_GROUPS).keys()].filter((key) => !seen.has(key));
    // Pairs that no VM can be of, since each claims what a third group cannot give.
    expect(missing).toEqual([]);
    for (const row of rows) expect(row).toHaveLength(KIND_GROUPS.length);
  });
});

describe('a VM of many kinds, while Azure fails', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openCombined(128, ROWS);
  });
  afterAll(() => theatre.close());

  eachOf(ROWS, 8)('$name by $way, $fault: repaired, or as it was with the reason', async (row) => {
    expect(await play(theatre, row)).toMatchObject({ wrong: [] });
  });
});
