import { isRun, whyNotAllRows } from '../../../support/rows.ts';
import { openTheatre, type Theatre } from '../../support/theatre.ts';
import { failedOnce } from './failed-once.ts';
import { judge } from './judge.ts';
import type { Played } from './played.ts';
import { play } from './play.ts';
import { BEHAVIOURS, scenarioOf, type Scenario } from './scenario.ts';
import { raiseQuota, stageOf } from './stage-of.ts';

/** How many runs there are in all, and those that are to be had again, alone. */
const RUNS = Number(process.env['RDP_MEDIC_MODEL_RUNS'] ?? (whyNotAllRows === undefined ? 500 : 5));
const ALONE = process.env['RDP_MEDIC_MODEL_SEEDS']?.split(',').map(Number);

/** From so many runs on, everything is met that may happen. */
const LARGE = 400;

/** More at once make a turn of the event loop longer, fewer make more turns. */
const AT_ONCE = 32;
const now = Date.now();

/**
 * Random runs of the whole service on the virtual clock, one of `of` equal shares: a broken VM each, and one to three people or
 * machines who act on the same Azure at any moment.
 *
 * @param asksFirst whether a person is asked before a VM goes down
 *
 * - `RDP_MEDIC_MODEL_RUNS=5000 npx jest test/e2e/moving/model`: as many runs as one has time for. Without it 500 where all rows are asked for
 *   (test/support/rows.ts), 8 elsewhere, since each is a whole remediation;
 *   with 0 those of `failed-once.ts` alone.
 * - `RDP_MEDIC_MODEL_SEEDS=4711,4712 npx jest test/e2e/moving/model`: these runs alone; the number is in the VM's name. What failed
 *   stays, as a row of `failed-once.ts`.
 */
export function describeModel(account: number, share: number, of: number, asksFirst = false): void {
  const scenarios = scenariosOf(share, of);
  const rows = BEHAVIOURS.flatMap((_, behaviour) => {
    const some = scenarios.filter((scenario) => scenario.behaviour === behaviour);
    return Array.from({ length: Math.ceil(some.length / AT_ONCE) }, (_, index) =>
      some.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    );
  }).map((some) => ({ from: some[0]?.name ?? '', to: some.at(-1)?.name ?? '', some }));

  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openTheatre(account, stageOf(scenarios, asksFirst, now));
    raiseQuota(theatre.stage.lab);
  });
  afterAll(() => theatre.close());

  const all: Played[] = [];
  if (rows.length === 0) it('has none of the runs that are asked for', () => undefined);
  else
    it.each(rows)(
      'whoever acts on the VMs $from to $to, none of them is worse for it',
      async ({ some }) => {
        const played = await play(theatre, some, now);
        all.push(...played);
        expect(await judge(theatre, played)).toEqual([]);
      },
      600_000,
    );

  const isLarge = ALONE === undefined && RUNS >= LARGE;
  (isLarge ? it : it.skip)(
    `somebody was at work in many of them, and each end was met${isLarge ? '' : ` (skipped: fewer than ${String(LARGE)} runs)`}`,
    () => {
      const kinds = new Set(all.map(({ record }) => record?.outcome?.kind));
      expect([...kinds]).toEqual(
        expect.arrayContaining(['repaired-online', 'repaired-offline', 'not-fixed', 'failed']),
      );
      const disturbed = all.filter(({ changes }) => changes.some(({ ours }) => !ours));
      expect(disturbed.length).toBeGreaterThan(all.length * 0.4);
    },
  );
}

function scenariosOf(share: number, of: number): Scenario[] {
  const seeds = ALONE ?? Array.from({ length: RUNS }, (_, index) => index + 1);
  const ofShare = seeds.filter((_, index) => index % of === share).map(scenarioOf);
  // What failed once did so at its own pace, which waiting for approval would change.
  return ALONE !== undefined || share > 0
    ? ofShare
    : [...ofShare, ...failedOnce().filter((_, index) => isRun(index, 8))];
}
