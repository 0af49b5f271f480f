import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { makeImages } from '../../../lab/fleet/images.ts';
import { inspectVm } from '../../../shared/azure/inspect-vm.ts';
import { beginRescueNic, beginRescueVm } from '../../../shared/azure/rescue-vm.ts';
import type { Begun } from '../../../shared/model/operation.ts';
import { MAKER, startAzureBench, type AzureBench } from './bench.ts';

const KEY = `/subscriptions/${LAB_SUBSCRIPTION}/resourceGroups/rg-fleet/providers/Microsoft.Compute/diskEncryptionSets/own-key`;

let bench: AzureBench;
beforeEach(async () => {
  bench = await startAzureBench();
  bench.lab.addImage(...makeImages());
});
afterEach(() => bench.close());

async function made(begun: Promise<Begun>): Promise<string> {
  const { id, operation } = await begun;
  await bench.done(Promise.resolve(operation));
  return id;
}

async function buildRescueVm() {
  const { azure } = bench.acting;
  const vm = await inspectVm(azure, bench.vmId);
  const nicId = await made(beginRescueNic(azure, vm, vm.resourceGroup, MAKER));
  return bench.lab.vm(
    await made(
      beginRescueVm(
        azure,
        vm,
        { nicId, size: 'Standard_D2s_v5', diskType: 'StandardSSD_LRS', rescueGroup: vm.resourceGroup },
        MAKER,
      ),
    ),
  );
}

describe('The rescue VM', () => {
  it('has no public address, no security group that lets anybody in, and no identity', async () => {
    const { identity, name } = await buildRescueVm();
    expect(identity).toBeUndefined();
    const nic = bench.lab.resources().find(({ id }) => id.endsWith('-rescue-nic'));
    expect(nic).toBeDefined();
    expect(JSON.stringify(nic)).not.toMatch(/publicIPAddress|networkSecurityGroup/i);
    expect(name).toMatch(/^rdp-medic-/);
  });

  it('is encrypted as the broken VM is: by the same key, and on its host', async () => {
    const [disk] = bench.lab.resources().filter(({ type }) => type === 'Microsoft.Compute/disks');
    bench.lab.disk(disk?.id ?? '').properties.encryption = {
      type: 'EncryptionAtRestWithCustomerKey',
      diskEncryptionSetId: KEY,
    };
    bench.vm().properties.securityProfile = { encryptionAtHost: true };
    const { properties } = await buildRescueVm();
    expect(properties.securityProfile).toMatchObject({ encryptionAtHost: true });
    const own = bench.lab.resources().find(({ id }) => id.endsWith('-rescue-os-disk'));
    expect(bench.lab.disk(own?.id ?? '').properties.encryption).toMatchObject({ diskEncryptionSetId: KEY });
  });

  it('asks for no encryption that the broken VM does not have', async () => {
    const { properties } = await buildRescueVm();
    expect(properties.securityProfile).toBeUndefined();
  });

  it('stands in the subnet of the broken VM, or in the one that is given', async () => {
    const { azure } = bench.acting;
    const vm = await inspectVm(azure, bench.vmId);
    const given = `${LAB_GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet-fleet/subnets/rescue`;
    const [network] = bench.lab.store.virtualNetworks.within(LAB_GROUP_ID);
    network?.subnets.push({ name: 'rescue', addressPrefix: network.subnets[0]?.addressPrefix ?? '' });
    const subnetOf = (nicId: string) =>
      bench.lab.store.networkInterfaces.get(nicId).ipConfigurations[0]?.properties.subnet?.id;
    expect(subnetOf(await made(beginRescueNic(azure, vm, vm.resourceGroup, MAKER)))).toBe(
      vm.nics[0]?.subnetId,
    );
    const other = { ...MAKER, remediationId: `${MAKER.remediationId}x` };
    expect(subnetOf(await made(beginRescueNic(azure, vm, vm.resourceGroup, other, given)))).toBe(given);
  });
});
