import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import type { VmSpec } from '../../../lab/arm/vm-spec.ts';
import { inspectVm } from '../../../shared/azure/inspect-vm.ts';
import { startAzureBench, type AzureBench } from './bench.ts';

const SUBSCRIPTION_ID = LAB_GROUP_ID.replace(/\/resourceGroups.*/i, '');

/** What preflight is told of a VM. */
async function readingOf(spec: Partial<VmSpec>, prepare: (bench: AzureBench) => void = () => undefined) {
  const bench = await startAzureBench(spec);
  try {
    prepare(bench);
    return await inspectVm(bench.acting.azure, bench.vmId);
  } finally {
    await bench.close();
  }
}

describe('a VM is read before it is repaired', () => {
  it('with nothing against it, where there is nothing', async () => {
    expect(await readingOf({})).toMatchObject({
      ephemeralOsDisk: false,
      osDisk: { adeEncrypted: false },
      locks: [],
    });
  });

  it('with the locks on itself, of its group and of its subscription, and none of its neighbours', async () => {
    const { vmId, locks } = await readingOf({}, ({ lab }) => {
      lab.addLock(lab.vm('web').id, 'own', 'CanNotDelete');
      lab.addLock(`${lab.vm('web').id}-neighbour`, 'other', 'ReadOnly');
      lab.addLock(LAB_GROUP_ID, 'of-group', 'CanNotDelete');
      lab.addLock(SUBSCRIPTION_ID, 'of-subscription', 'ReadOnly');
    });
    expect(locks.map(({ level, scope }) => [level, scope.toLowerCase()])).toEqual([
      ['CanNotDelete', vmId],
      ['CanNotDelete', LAB_GROUP_ID.toLowerCase()],
      ['ReadOnly', SUBSCRIPTION_ID.toLowerCase()],
    ]);
  });

  it('as encrypted inside Windows, by the word of its disk', async () => {
    const { osDisk } = await readingOf({ azureDiskEncryption: true }, ({ lab }) => {
      // The VM itself tells it only where it was encrypted the older way.
      delete lab.vm('web').properties.storageProfile?.osDisk?.encryptionSettings;
    });
    expect(osDisk?.adeEncrypted).toBe(true);
  });

  it('as one with an ephemeral OS disk', async () => {
    expect((await readingOf({ ephemeralOsDisk: true })).ephemeralOsDisk).toBe(true);
  });
});
