import { makeFleet } from '../../../lab/fleet/index.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { NOW, startGuest } from '../support/guest.ts';
import { collectOffline, collectOnline, factsOf } from './support.ts';

const VMS = makeFleet({ now: NOW })
  .map(({ spec }) => spec)
  .filter(({ osType }) => osType !== 'Linux');
/** Without it nothing runs inside; only the disk can be read. */
function hasAgent(name: string): boolean {
  return name !== 'tls-agent-not-ready';
}
const only = process.env['RDP_MEDIC_VM'];

/** The disk of a VM that has run: its Windows has made its certificate. */
async function usedDisk(disk: GuestDisk): Promise<GuestDisk> {
  const used = structuredClone(disk);
  const guest = await startGuest(used, 'model');
  await guest.powerOff();
  return used;
}

describe('PowerShell and its twin', () => {
  for (const { name, osDisk } of VMS.filter((spec) => only === undefined || spec.name === only)) {
    itWithPwsh(`tell the same facts of ${name}, running and on a disk`, async () => {
      const disk = await usedDisk(osDisk);
      if (hasAgent(name)) {
        const [real, twin] = [
          await collectOnline(structuredClone(disk), 'pwsh'),
          await collectOnline(structuredClone(disk), 'model'),
        ];
        expect(factsOf(real)).toEqual(factsOf(twin));
      }

      const disks = [structuredClone(disk), structuredClone(disk)] as const;
      const onDisk = [
        await collectOffline(disks[0], 'pwsh'),
        await collectOffline(disks[1], 'model'),
      ] as const;
      expect(factsOf(onDisk[0].outcome)).toEqual(factsOf(onDisk[1].outcome));
      expect(disks[0]).toEqual(disks[1]);
      for (const { isOffline, loadedHives } of onDisk)
        expect({ isOffline, loadedHives }).toEqual({ isOffline: true, loadedHives: 0 });
    });
  }
});
