import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { beginAttachDisk } from '../../../shared/azure/data-disk.ts';
import { madeName } from '../../../shared/azure/made-resource.ts';
import { beginCopyDisk, beginSwapOsDisk } from '../../../shared/azure/os-disk.ts';
import { beginSnapshot } from '../../../shared/azure/snapshot.ts';
import { windowsVm } from '../../lab/arm/support/lab.ts';
import { codeOf, MAKER, startAzureBench, type AzureBench } from './bench.ts';

const COPY = `${LAB_GROUP_ID}/providers/Microsoft.Compute/disks/${madeName(MAKER, 'repair-disk')}`;

let bench: AzureBench;
let original: string;
let snapshotId: string;
beforeEach(async () => {
  bench = await startAzureBench({ securityType: 'TrustedLaunch', power: 'deallocated' });
  original = bench.vm().properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
  const { id, operation } = await beginSnapshot(
    bench.acting.azure,
    original,
    'westeurope',
    MAKER,
    'snapshot',
  );
  snapshotId = id;
  await bench.done(Promise.resolve(operation));
});
afterEach(() => bench.close());

const copy = () =>
  bench.done(
    beginCopyDisk(bench.acting.azure, original, snapshotId, MAKER, 'repair-disk').then(
      ({ operation }) => operation,
    ),
  );
const swap = async () =>
  beginSwapOsDisk(bench.acting, await bench.deed('swap'), { id: COPY, uniqueId: null });
const standsOn = () => bench.vm().properties.storageProfile?.osDisk?.managedDisk?.id;

describe('the OS disk of a VM with Trusted Launch', () => {
  it('is copied without naming its security type, which comes along, and the copy goes under the VM', async () => {
    await copy();
    expect(bench.lab.disk(COPY).properties.securityProfile).toEqual({ securityType: 'TrustedLaunch' });
    await bench.done(swap());
    expect(standsOn()).toBe(COPY);
  });

  it('is not copied from a snapshot that lost the type', async () => {
    delete bench.lab.store.snapshots.get(snapshotId).properties.securityProfile;
    expect(await codeOf(copy())).toBe('SwapRefused');
    expect(bench.lab.store.disks.find(COPY)).toBeUndefined();
  });

  it('shows on the copy that is rehearsed with whether the type came along', async () => {
    await bench.lab.addVm(windowsVm('rescue'));
    await copy();
    delete bench.lab.disk(COPY).properties.securityProfile;
    expect(await codeOf(beginAttachDisk(bench.acting.azure, bench.lab.vm('rescue').id, COPY, 1))).toBe(
      'SwapRefused',
    );
  });

  it('shows so too on a copy of the disk itself', async () => {
    await bench.lab.addVm(windowsVm('rescue'));
    await bench.done(
      beginCopyDisk(bench.acting.azure, original, original, MAKER, 'repair-disk').then(
        ({ operation }) => operation,
      ),
    );
    delete bench.lab.disk(COPY).properties.securityProfile;
    expect(await codeOf(beginAttachDisk(bench.acting.azure, bench.lab.vm('rescue').id, COPY, 1))).toBe(
      'SwapRefused',
    );
  });

  it('is not swapped for a copy that lost it: Azure is not even asked', async () => {
    await copy();
    delete bench.lab.disk(COPY).properties.securityProfile;
    expect(await codeOf(swap())).toBe('SwapRefused');
    expect(bench.lab.requests().filter(({ method }) => method === 'PATCH')).toEqual([]);
    expect(standsOn()).toBe(original);
  });
});

it.each([
  ['409(OperationNotAllowed)', 'AzureConflict'],
  ['409(Conflict)', 'AzureConflict'],
  ['409(PropertyChangeNotAllowed)', 'SwapRefused'],
  ['400(BadRequest)', 'AzureRefused'],
])('a swap that is answered with %s is %s', async (answer, code) => {
  await copy();
  bench.lab.faults.add(...parseFaults(`PATCH:Microsoft.Compute/virtualMachines/write=${answer}`));
  expect(await codeOf(swap())).toBe(code);
});
