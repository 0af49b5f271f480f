import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { readRoleDefinition } from '../../../lab/arm/access/roles.ts';
import { addressesOf, inspectVm, readNics, readVm } from '../../../shared/azure/inspect-vm.ts';
import { readOffer } from '../../../shared/azure/offered-sizes.ts';
import { findVmsByName, listSubscriptions } from '../../../shared/azure/subscriptions.ts';
import { createVmDirectory } from '../../../shared/azure/vm-directory.ts';
import { listVms } from '../../../shared/azure/watched-vms.ts';
import { windowsVm } from '../../lab/arm/support/lab.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

const ON_GROUP = { role: readRoleDefinition(), assignedScopes: [LAB_GROUP_ID] };
const NOWHERE = LAB_GROUP_ID.replace('rg-fleet', 'rg-elsewhere');
const LINUX = { osType: 'Linux', power: 'deallocated', tags: { owner: 'me' } } as const;

describe('with a role on the whole subscription', () => {
  let bench: AzureBench;
  beforeAll(async () => {
    bench = await startAzureBench({
      size: 'Standard_D4s_v5',
      zone: '2',
      securityType: 'TrustedLaunch',
      tags: { owner: 'me' },
      settings: { virtualMachineScaleSet: { id: `${LAB_GROUP_ID}/scale-set` } },
      otherNics: [{ name: 'second', primary: true }],
      diskController: 'SCSI',
    });
    await bench.lab.addVm(windowsVm('lin', { ...LINUX }));
  });
  afterAll(() => bench.close());

  it('a VM is told with all that is decided upon', async () => {
    const { acting, lab, vmId } = bench;
    expect(await inspectVm(acting.azure, vmId)).toMatchObject({
      name: 'web',
      resourceGroup: 'rg-fleet',
      subscriptionId: LAB_SUBSCRIPTION,
      zone: '2',
      size: 'Standard_D4s_v5',
      tags: { owner: 'me' },
      osType: 'Windows',
      powerState: 'running',
      agentReady: true,
      provisioningState: 'Succeeded',
      generation: 'V2',
      securityType: 'TrustedLaunch',
      encryptionAtHost: false,
      architecture: 'x64',
      diskControllerType: 'SCSI',
      scaleSetId: `${LAB_GROUP_ID}/scale-set`,
      osDisk: { sku: 'Premium_LRS', sizeGb: 127, diskEncryptionSetId: null, tagCount: 0 },
      expected: { power: 'running' },
      autoShutdown: null,
      extensions: [],
      replicated: false,
      startRisks: ['scale-set', 'zone'],
    });
    const { image, nics } = await inspectVm(acting.azure, vmId);
    expect(image).toContain('MicrosoftWindowsServer:WindowsServer:2022-datacenter-g2:');
    expect(nics).toHaveLength(2);
    expect(lab.vm('web').properties.networkProfile?.networkInterfaces?.map(({ id }) => id)).not.toEqual(
      nics.map(({ id }) => id),
    );
    expect(await readNics(acting.azure, vmId)).toEqual(nics);
    const addresses = nics.flatMap(({ publicAddress, privateAddress }) => [publicAddress, privateAddress]);
    expect(await addressesOf(acting.azure, await readVm(acting.azure, vmId))).toEqual(
      addresses.filter((address) => address !== null),
    );
  });

  it('a VM that is not there, or whose id is none, is refused as such', async () => {
    const { azure } = bench.acting;
    expect(await codeOf(readVm(azure, `${bench.vmId}-2`))).toBe('VmNotFound');
    expect(await codeOf(readVm(azure, LAB_GROUP_ID))).toBe('RequestInvalid');
  });

  it('the directory tells what intake asks of a VM, and nothing where there is none', async () => {
    const { acting, lab, vmId } = bench;
    const directory = createVmDirectory(acting.azure);
    expect(await directory.find(lab.vm('lin').id)).toEqual({
      id: lab.vm('lin').id.toLowerCase(),
      name: 'lin',
      location: lab.vm('lin').location,
      osType: 'Linux',
      powerState: 'deallocated',
      provisioningState: 'Succeeded',
      tags: { owner: 'me' },
    });
    expect(await directory.find(vmId)).toMatchObject({ osType: 'Windows', powerState: 'running' });
    expect(await directory.find(`${vmId}-2`)).toBeUndefined();
    expect(await codeOf(directory.find(LAB_GROUP_ID))).toBe('RequestInvalid');
    expect(await directory.standingOf(vmId)).toMatchObject({ power: 'running' });
  });

  it('VMs are found by their name, however it is written', async () => {
    const { azure } = bench.acting;
    const found = await findVmsByName(azure, [LAB_SUBSCRIPTION], 'LIN');
    expect(found).toEqual({ ids: [bench.lab.vm('lin').id], unread: [] });
    expect(await findVmsByName(azure, [LAB_SUBSCRIPTION], 'li')).toEqual({ ids: [], unread: [] });
  });

  it('the subscriptions are those that can be seen', async () => {
    const { lab } = bench;
    const credential = {
      getToken: () =>
        Promise.resolve({ token: lab.identity.issue(), expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    expect(await listSubscriptions({ credential, endpoint: lab.url, ca: lab.caPem })).toEqual([
      LAB_SUBSCRIPTION,
    ]);
  });

  it('all VMs are listed, whatever groups are named', async () => {
    const { vms, unread } = await listVms(bench.acting.azure, {
      subscriptions: [LAB_SUBSCRIPTION],
      resourceGroups: ['rg-*'],
    });
    expect(vms.map(({ name }) => name).sort()).toEqual(['lin', 'web']);
    expect(unread).toEqual([]);
  });

  it('sizes are told with what the region lets the subscription have', async () => {
    const { acting, lab } = bench;
    lab.catalogue.restrictions.push(
      { size: 'Standard_D2s_v5', zone: '1', reasonCode: 'NotAvailableForSubscription' },
      { size: 'Standard_D4s_v5', reasonCode: 'NotAvailableForSubscription' },
    );
    lab.catalogue.quota.set('cores', 7);
    const { location } = lab.vm('web');
    const offer = await readOffer(acting.azure, { subscriptionId: LAB_SUBSCRIPTION, location });
    const sizeOf = (name: string) => offer?.sizes.find((one) => one.name === name);
    expect(sizeOf('Standard_D2s_v5')).toEqual({
      name: 'Standard_D2s_v5',
      family: 'standardDSv5Family',
      vCpus: 2,
      memoryGb: 8,
      maxDataDisks: 4,
      generations: ['V1', 'V2'],
      controllers: ['SCSI'],
      architecture: 'x64',
      premium: true,
      encryptionAtHost: true,
      confidential: false,
      gpus: 0,
      zones: ['2', '3'],
      offered: true,
    });
    expect(sizeOf('Standard_D4s_v5')?.offered).toBe(false);
    expect(offer?.usage.get('cores')?.limit).toBe(7);
  });

  it('a VM of which Azure says next to nothing is told all the same', async () => {
    const { acting, lab } = bench;
    await lab.addVm(windowsVm('bare'));
    const { properties } = lab.vm('bare');
    delete properties.storageProfile;
    delete properties.networkProfile;
    delete properties.hardwareProfile;
    expect(await inspectVm(acting.azure, lab.vm('bare').id)).toMatchObject({
      size: '',
      osType: 'Unknown',
      osDisk: null,
      expected: null,
      image: null,
      nics: [],
      tags: {},
      zone: null,
      scaleSetId: null,
    });
  });
});

describe('with a role on one group alone', () => {
  let bench: AzureBench;
  beforeAll(async () => {
    bench = await startAzureBench({}, ON_GROUP);
  });
  afterAll(() => bench.close());

  it('a VM elsewhere is as good as none', async () => {
    const elsewhere = bench.vmId.replace(LAB_GROUP_ID, NOWHERE);
    expect(await createVmDirectory(bench.acting.azure).find(elsewhere)).toBeUndefined();
  });

  it('the subscription is told as unread, and so is a group that is named', async () => {
    const { azure } = bench.acting;
    const subscriptions = [LAB_SUBSCRIPTION];
    const unread = [LAB_SUBSCRIPTION];
    expect(await findVmsByName(azure, subscriptions, 'web')).toEqual({ ids: [], unread });
    const scope = `/subscriptions/${LAB_SUBSCRIPTION}`;
    const ofAny = await listVms(azure, { subscriptions, resourceGroups: ['rg-*'] });
    expect(ofAny).toEqual({ vms: [], unread: [scope] });
    const named = await listVms(azure, {
      subscriptions,
      resourceGroups: ['rg-*', 'rg-fleet', 'rg-elsewhere'],
    });
    expect(named.vms.map(({ name }) => name)).toEqual(['web']);
    expect(named.unread).toEqual([`${scope}/resourceGroups/rg-elsewhere`]);
  });

  it('what sizes there are is not known', async () => {
    const { acting, lab } = bench;
    const { location } = lab.vm('web');
    expect(await readOffer(acting.azure, { subscriptionId: LAB_SUBSCRIPTION, location })).toBeUndefined();
  });
});
