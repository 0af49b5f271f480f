/**
 * The benchmark (`npm run bench`): every figure with its goal, as a table and as `bench/results.json`; what each means stands in
 * docs/performance.md. Groups run in processes of their own, since the app reads its settings once; those in the virtual clock run twice,
 * and have to give the same figures. `npm run bench -- --only repairs,offline` runs some groups, and takes the other rows from the last run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { startAzurite } from '../../local/azurite.ts';
import { GROUPS } from './groups/index.ts';
import { exactly, table, type Row } from './row.ts';

const RESULTS = 'bench/results.json';
/** Each thread of Node would keep freed memory in an arena of its own: it counts, and nobody uses it. */
const ENVIRONMENT = { ...process.env, MALLOC_ARENA_MAX: '2' };

const rowSchema = z.object({ row: z.string(), figure: z.number(), goal: z.string(), holds: z.boolean() });
const measurementSchema = z.object({
  virtual: z.array(rowSchema),
  real: z.array(rowSchema),
  detail: z.array(z.string()),
});

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    group: { type: 'string' },
    storage: { type: 'string' },
    out: { type: 'string' },
  },
});

if (values.group === undefined) await measureAll();
else await measureGroup(values.group, values.storage ?? '', values.out ?? '');

async function measureGroup(name: string, storage: string, out: string): Promise<void> {
  const group = GROUPS.find((one) => one.name === name);
  if (!group) throw new Error(`There is no group ${name}.`);
  const measure = await group.load();
  writeFileSync(out, JSON.stringify(await measure(storage)));
}

async function measureAll(): Promise<void> {
  const wanted = values.only?.split(',');
  const groups = GROUPS.filter(({ name }) => wanted?.includes(name) ?? true);
  const azurite = await startAzurite();
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-bench-'));
  const rows: Row[] = [];
  let accounts = 0;
  let different = 0;
  try {
    const run = (name: string, heap: number | undefined): z.infer<typeof measurementSchema> => {
      accounts += 1;
      const out = join(folder, `${name}-${String(accounts)}.json`);
      const storage = azurite.connectionString(`account${String(accounts)}`);
      const call = [
        ...(heap === undefined
          ? ['--max-old-space-size=4000']
          : [`--max-old-space-size=${String(heap)}`, '--max-semi-space-size=8']),
        import.meta.filename,
        '--group',
        name,
        '--storage',
        storage,
        '--out',
        out,
      ];
      const { status } = spawnSync(process.execPath, call, { stdio: 'inherit', env: ENVIRONMENT });
      if (status !== 0) throw new Error(`The group ${name} broke off.`);
      return measurementSchema.parse(JSON.parse(readFileSync(out, 'utf8')));
    };
    for (const { name, title, once, heap } of groups) {
      console.log(`\n${title}\n`);
      const first = run(name, heap);
      console.log(first.detail.join('\n'));
      if (first.virtual.length > 0 && once !== true) {
        const second = run(name, heap);
        different += first.virtual.filter(
          (row, index) => row.figure !== second.virtual[index]?.figure,
        ).length;
      }
      rows.push(...first.virtual, ...first.real);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await azurite.close();
  }
  rows.push(exactly('Virtual figures that differ between two runs', different, 0));
  tell(rows);
  mkdirSync('bench', { recursive: true });
  const results = wanted ? amongOthers(rows) : rows;
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nwritten: ${RESULTS}`);
}

/** Rows of the last run, those that were measured again in their places. */
function amongOthers(rows: readonly Row[]): Row[] {
  const before = existsSync(RESULTS)
    ? z.array(rowSchema).parse(JSON.parse(readFileSync(RESULTS, 'utf8')))
    : [];
  const known = new Set(before.map(({ row }) => row));
  return [
    ...before.map((old) => rows.find(({ row }) => row === old.row) ?? old),
    ...rows.filter(({ row }) => !known.has(row)),
  ];
}

function tell(rows: readonly Row[]): void {
  const lines = rows.map(({ row, figure, goal, holds }) => [
    row,
    figure,
    goal,
    holds ? 'holds' : 'DOES NOT HOLD',
  ]);
  console.log(`\n${table([['row', 'figure', 'goal', ''], ...lines]).join('\n')}`);
}
