import { fleetVm } from '../../../lab/fleet/index.ts';
import { openRepairBench, START, type Repair } from '../repair.ts';
import { atMost, mean, round, table, type Measurement } from '../row.ts';

/** How many repairs of the same fault, one after the other, on the same host. */
const REPAIRS = 40;
/** How many at the beginning and at the end are compared; the very first compiles code. */
const ENDS = 5;
const FAULT = 'rdp-denied';
/** What the Durable extension keeps of an orchestration in one row of a table, and what makes replay slow: kilobytes of one repair. */
const MOST_KILOBYTES = 1000;

/** The history of a remediation: whether it grows with those that came before it. */
export async function measure(storage: string): Promise<Measurement> {
  const fleet = Array.from({ length: REPAIRS }, (_, index) => {
    const vm = fleetVm(FAULT, { now: START });
    return { ...vm, spec: { ...vm.spec, name: `vm-${String(index)}` } };
  });
  const bench = await openRepairBench(storage, fleet);
  const repairs: Repair[] = [];
  try {
    for (const { spec } of fleet) repairs.push(await bench.repair(spec.name));
  } finally {
    await bench.close();
  }
  const first = repairs.slice(1, 1 + ENDS);
  const last = repairs.slice(-ENDS);
  const grows = (of: (one: Repair) => number): number => mean(last.map(of)) / mean(first.map(of));
  const [ofFirst] = first;
  return {
    virtual: [
      atMost(
        `History of repair ${String(REPAIRS)} over the first, events`,
        grows(({ history }) => history.events),
        1.01,
      ),
      atMost(
        `History of repair ${String(REPAIRS)} over the first, bytes`,
        grows(({ history }) => history.bytes),
        1.01,
      ),
      atMost(
        'History of an online repair, kB',
        Math.round((ofFirst?.history.bytes ?? 0) / 1000 / 10) * 10,
        MOST_KILOBYTES,
      ),
    ],
    real: [
      atMost(
        `Longest replay in repair ${String(REPAIRS)} over the first`,
        grows(({ longestTurn }) => longestTurn),
        1.25,
      ),
    ],
    detail: table([
      ['repair', 'events', 'kB', 'instances', 'longest replay, ms'],
      ...[...first, ...last].map((one) => [
        one.name,
        one.history.events,
        round(one.history.bytes / 1000, 1),
        one.history.instances,
        round(one.longestTurn, 1),
      ]),
    ]),
  };
}
