import { fleetVm } from '../../../lab/fleet/index.ts';
import { playCrowd, scoreOf, type Crowd, type Score } from '../crowd.ts';
import { openRepairBench, START } from '../repair.ts';
import { atMost, exactly, round, table, type Measurement } from '../row.ts';
import { AT_A_TIME, faultOfTurn, OFFLINE, ONLINE, SUBSCRIPTIONS } from '../storm.ts';
import { CALL_KINDS, forcedByBucket } from '../tally.ts';

const FAULTS = [...ONLINE, OFFLINE];
const RESCUE_VMS = 20;
/** The last one is what the rows tell of; the first shows beside it how well the calls alone stand for a storm. */
const SIZES = [1000, 10_000] as const;
const [, LARGEST] = SIZES;

/** How many VMs Azure lets us repair: the calls of the storm's repairs, each played once in the lab, by thousands against its limits. */
export async function measure(storage: string): Promise<Measurement> {
  const bench = await openRepairBench(
    storage,
    FAULTS.map((fault) => fleetVm(fault, { now: START })),
  );
  const scores: Record<string, Score> = {};
  try {
    for (const fault of FAULTS) scores[fault] = scoreOf(await bench.repair(fault));
  } finally {
    await bench.close();
  }
  const ofSubscription = (vms: number): Score[] =>
    Array.from({ length: vms / SUBSCRIPTIONS.length }, (_, turn) => scores[faultOfTurn(turn)] ?? []).flat();
  const crowds = [];
  for (const vms of SIZES) {
    const all = ofSubscription(vms);
    const crowd = await playCrowd({
      subscriptions: SUBSCRIPTIONS,
      scores: all,
      places: AT_A_TIME,
      rescueVms: RESCUE_VMS / SUBSCRIPTIONS.length,
    });
    crowds.push({ vms, crowd, forced: forcedOf(crowd) });
  }
  return {
    virtual: crowds
      .filter(({ vms }) => vms === LARGEST)
      .flatMap(({ vms, crowd, forced }) => [
        exactly(`VMs that waited for a rescue VM in vain, of the calls of ${String(vms)}`, crowd.gaveUp, 0),
        atMost(
          `Makespan over the bound of throttling and quota, the calls of ${String(vms)} VMs`,
          crowd.makespan / Math.max(...Object.values(forced)),
          1.15,
        ),
      ]),
    real: [],
    detail: table([
      [
        'VMs',
        'makespan, s',
        ...CALL_KINDS.map((kind) => `forced by ${kind}`),
        'by rescue VMs',
        'calls',
        'refused',
      ],
      ...crowds.map(({ vms, crowd, forced }) => [
        vms,
        round(crowd.makespan, 0),
        ...CALL_KINDS.map((kind) => round(forced[kind], 0)),
        round(forced.rescueVms, 0),
        crowd.tally.total(),
        crowd.tally.throttled(),
      ]),
    ]),
  };
}

/** What nobody can be quicker than, in seconds, by what forces it. */
function forcedOf({ tally, holds }: Crowd): Record<(typeof CALL_KINDS)[number] | 'rescueVms', number> {
  const rounds = Math.ceil(holds.length / RESCUE_VMS);
  return {
    reads: forcedByBucket(tally, SUBSCRIPTIONS, 'reads'),
    writes: forcedByBucket(tally, SUBSCRIPTIONS, 'writes'),
    deletes: forcedByBucket(tally, SUBSCRIPTIONS, 'deletes'),
    rescueVms: rounds * Math.min(...holds),
  };
}
