import { fleetVm, type FleetVm } from '../../../lab/fleet/index.ts';
import { lossSchema } from '../../../shared/model/rebuild.ts';
import type { RestoreWay } from '../../../shared/model/request.ts';
import type { TakeDown } from '../../../shared/model/settings.ts';
import { downSeconds } from '../downtime.ts';
import { forcedPath } from '../forced-path.ts';
import { openRepairBench, START, type Repair } from '../repair.ts';
import { atMost, round, table, type Measurement } from '../row.ts';

const VM = 'tls-agent-not-ready';
const WAYS: readonly RestoreWay[] = ['swap', 'rebuild'];

/** The same fault offline, by both ways to put the repaired disk under the VM. */
export function measureOffline(takeDown: TakeDown) {
  return async (storage: string): Promise<Measurement> => {
    const bench = await openRepairBench(storage, WAYS.map(vmFor), {
      settings: { RDP_MEDIC_TAKE_DOWN: takeDown },
    });
    const repairs: Repair[] = [];
    try {
      for (const way of WAYS) {
        const acceptLosses = way === 'rebuild' ? lossSchema.options : [];
        repairs.push(await bench.repair(`by-${way}`, { restoreWay: way, acceptLosses }));
      }
    } finally {
      await bench.close();
    }
    const forced = repairs.map(({ activity, answered, ended, name }) =>
      forcedPath(activity, answered ?? ended, name),
    );
    return {
      virtual: repairs.map((one, index) =>
        atMost(
          `Downtime over its forced chain: ${takeDown}, ${WAYS[index] ?? ''}`,
          downSeconds(one) / (forced[index]?.downtime ?? 0),
          1.05,
        ),
      ),
      real: [],
      detail: table([
        ['way', 'outcome', 'down', 'forced', 'to RDP', 'forced'],
        ...repairs.map((one, index) => [
          `${takeDown}, ${WAYS[index] ?? ''}`,
          one.record.outcome?.kind ?? '',
          round(downSeconds(one), 1),
          round(forced[index]?.downtime ?? 0, 1),
          round(((one.answered ?? one.ended) - one.asked) / 1000, 1),
          round(forced[index]?.toRdp ?? 0, 1),
        ]),
      ]),
    };
  };
}

function vmFor(way: RestoreWay): FleetVm {
  const vm = fleetVm(VM, { now: START });
  return { ...vm, spec: { ...vm.spec, name: `by-${way}` } };
}
