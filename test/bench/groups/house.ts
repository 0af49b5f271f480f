import { spawnSync } from 'node:child_process';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { PACKAGE_ROOT } from '../../../shared/package-root.ts';
import { openRepairBench, START, type Repair } from '../repair.ts';
import { round, sum, table, type Measurement, type Row } from '../row.ts';

const REPAIRS = 20;
const FAULT = 'rdp-denied';

/** How fast the embedded host is, and the demo that comes first after `npm install`. */
export async function measure(storage: string): Promise<Measurement> {
  const fleet = Array.from({ length: REPAIRS }, (_, index) => {
    const vm = fleetVm(FAULT, { now: START });
    return { ...vm, spec: { ...vm.spec, name: `vm-${String(index)}` } };
  });
  const bench = await openRepairBench(storage, fleet);
  const begun = performance.now();
  const repairs: Repair[] = [];
  try {
    for (const { spec } of fleet) repairs.push(await bench.repair(spec.name));
  } finally {
    await bench.close();
  }
  const events = sum(repairs.map(({ history }) => history.events));
  const eventsPerSecond = events / ((performance.now() - begun) / 1000);
  const demo = timeOfDemo();
  return {
    virtual: [],
    real: [
      atLeast(
        'Events of history that the embedded host carries in a second, replayed and with the lab',
        eventsPerSecond,
        500,
      ),
      { row: 'npm run demo, seconds', figure: round(demo, 0), goal: '<= 60', holds: demo <= 60 },
    ],
    detail: table([
      ['what', 'figure'],
      ['events a second', Math.round(eventsPerSecond)],
      ['npm run demo, seconds', round(demo, 1)],
    ]),
  };
}

function atLeast(row: string, figure: number, goal: number): Row {
  return { row, figure: Math.round(figure), goal: `>= ${String(goal)}`, holds: figure >= goal };
}

function timeOfDemo(): number {
  const begun = performance.now();
  const { status } = spawnSync(process.execPath, ['cli/main.ts', 'demo'], {
    cwd: PACKAGE_ROOT,
    stdio: 'ignore',
  });
  if (status !== 0) throw new Error('The demo failed.');
  return (performance.now() - begun) / 1000;
}
