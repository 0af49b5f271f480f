import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareFleet } from '../compared/compare-fleet.ts';
import { atMost, mean, table, type Measurement } from '../row.ts';

/** The whole fleet beside `az vm repair`, on labs with the same durations. */
export async function measure(storage: string): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-compare-'));
  try {
    const rows = await compareFleet({ folder, storage });
    const both = rows.filter(({ vmRepair }) => vmRepair.untilRdp !== undefined);
    const ratio = (of: (one: (typeof both)[number]['medic' | 'vmRepair']) => number): number =>
      mean(both.map(({ medic }) => of(medic))) / mean(both.map(({ vmRepair }) => of(vmRepair)));
    return {
      virtual: [
        atMost(
          'Time to RDP over that of az vm repair, mean of the fleet',
          ratio((one) => one.untilRdp ?? 0),
          0.5,
        ),
        atMost(
          'Downtime over that of az vm repair, mean of the fleet',
          ratio((one) => one.down),
          0.3,
        ),
      ],
      real: [],
      detail: table([
        ['VM', 'to RDP: Medic', 'az', 'down: Medic', 'az', 'writes lost: Medic', 'az'],
        ...rows.map(({ name, medic, vmRepair }) => [
          name,
          medic.untilRdp ?? 'never',
          vmRepair.untilRdp ?? 'never',
          medic.down,
          vmRepair.down,
          medic.lost,
          vmRepair.lost,
        ]),
      ]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
