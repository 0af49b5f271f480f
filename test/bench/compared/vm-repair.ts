import * as z from 'zod';
import { LAB_RESOURCE_GROUP, LAB_SUBSCRIPTION, type Lab } from '../../../lab/arm/start-lab.ts';
import type { VirtualMachine } from '../../../lab/arm/store/resources.ts';
import type { Operator } from './operator.ts';

/**
 * The extension vm-repair of the Azure command line, call for call: `create`, `run` and `restore` for a Windows VM with managed disks, as
 * azure-cli-extensions has them in src/vm-repair (custom.py, repair_utils.py and _validators.py), and as each `az` that they start was
 * seen to call the lab (azure-cli 2.45). Ours is the order alone; a person loses no second between the three, and knows the script.
 */
export interface RepairCommands {
  /** @returns the id of the copied disk, once it is attached to the repair VM */
  create(): Promise<string>;
  run(): Promise<void>;
  restore(): Promise<void>;
}

const vmSchema = z.object({
  properties: z.object({
    storageProfile: z.looseObject({ osDisk: z.looseObject({}), dataDisks: z.array(z.looseObject({})) }),
  }),
});
type StorageProfile = z.infer<typeof vmSchema>['properties']['storageProfile'];

const SUBSCRIPTION = `/subscriptions/${LAB_SUBSCRIPTION}`;
const GROUP = `${SUBSCRIPTION}/resourceGroups/${LAB_RESOURCE_GROUP}`;
const LOCATION = 'westeurope';
const PUBLISHER = `${SUBSCRIPTION}/providers/Microsoft.Compute/locations/${LOCATION}/publishers`;
const OFFERS = `${PUBLISHER}/MicrosoftWindowsServer/artifacttypes/vmimage/offers`;
const SKUS = `${OFFERS}/WindowsServer/skus`;
const IMAGE = { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku: '2019-datacenter' };

export function repairCommands(lab: Lab, operator: Operator, name: string): RepairCommands {
  const source: VirtualMachine = lab.vm(name);
  const vm = source.id;
  const osDisk = source.properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
  const copy = `${GROUP}/providers/Microsoft.Compute/disks/${name}-DiskCopy`;
  const group = `${SUBSCRIPTION}/resourcegroups/repair-${name}`;
  const inGroup = (type: string, of: string): string =>
    `${group.replace('resourcegroups', 'resourceGroups')}/providers/${type}/${of}`;
  const repairName = `repair-${name}`.slice(0, 15);
  const repairVm = inGroup('Microsoft.Compute/virtualMachines', repairName);
  const zones = source.zones ?? [];
  const size = source.properties.hardwareProfile?.vmSize ?? '';
  const { get, look, change, begin, command } = operator;

  /** `az resource list --tag repair_source=…`: how `run` and `restore` find the repair VM. */
  const findRepairVm = (): Promise<unknown> =>
    command(() =>
      get(
        `${SUBSCRIPTION}/resources?$filter=tagname eq 'repair_source' and tagvalue eq '${LAB_RESOURCE_GROUP}/${name}'`,
      ),
    );
  const listSkus = (): Promise<unknown> =>
    command(() => get(`${SUBSCRIPTION}/providers/Microsoft.Compute/skus?$filter=location eq '${LOCATION}'`));
  /** `az resource list --resource-group …` */
  const listGroup = (): Promise<unknown> =>
    command(async () => {
      await get(group);
      return get(`${group}/resources`);
    });

  /** `az vm image list --all`, down to every version of each SKU that fits. */
  const findImage = (): Promise<unknown> =>
    command(async () => {
      await get(PUBLISHER);
      await get(OFFERS);
      await get(SKUS);
      for (const sku of ['', '-gensecond', '-smalldisk', '-smalldisk-g2'])
        await get(`${SKUS}/2019-datacenter${sku}/versions`);
    });

  const copyDisk = (): Promise<unknown> =>
    command(async () => {
      // A source given by its name may be a snapshot or a disk: both are looked for.
      await look('GET', osDisk.replace('/disks/', '/snapshots/'));
      await get(osDisk);
      const { sku, properties } = lab.disk(osDisk);
      await change('PUT', copy, {
        location: LOCATION,
        sku: { name: sku.name },
        ...(zones.length > 0 && { zones }),
        properties: {
          osType: 'Windows',
          hyperVGeneration: properties.hyperVGeneration ?? 'V1',
          creationData: { createOption: 'Copy', sourceResourceId: osDisk },
        },
      });
    });

  /** What `az vm create` looks up before it sends its template. */
  const lookUp = async (): Promise<void> => {
    await get(group);
    await get(`${SKUS}/${IMAGE.sku}/versions`);
    await get(inGroup('Microsoft.Network', 'virtualNetworks'));
    await get(`${SKUS}/${IMAGE.sku}/versions`);
    await get(`${SKUS}/${IMAGE.sku}/versions`);
  };

  const createRepairVm = async (): Promise<void> => {
    await command(async () => {
      await lookUp();
      operator.validate();
    });
    const network = inGroup('Microsoft.Network/virtualNetworks', `${repairName}VNET`);
    const nsg = inGroup('Microsoft.Network/networkSecurityGroups', `${repairName}NSG`);
    const nic = inGroup('Microsoft.Network/networkInterfaces', `${repairName}VMNic`);
    await command(async () => {
      await lookUp();
      await operator.deploy(
        [
          network,
          {
            location: LOCATION,
            properties: {
              addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
              subnets: [{ name: `${repairName}Subnet`, properties: { addressPrefix: '10.0.0.0/24' } }],
            },
          },
        ],
        [nsg, { location: LOCATION, properties: { securityRules: [] } }],
        [
          nic,
          {
            location: LOCATION,
            properties: {
              networkSecurityGroup: { id: nsg },
              ipConfigurations: [
                {
                  name: 'ipconfig',
                  properties: { subnet: { id: `${network}/subnets/${repairName}Subnet` } },
                },
              ],
            },
          },
        ],
        [repairVm, repairVmBody(nic)],
      );
      await get(`${repairVm}?$expand=instanceView`);
      await get(nic);
    });
  };

  const repairVmBody = (nic: string): object => ({
    location: LOCATION,
    tags: { repair_source: `${LAB_RESOURCE_GROUP}/${name}` },
    ...(zones.length > 0 && { zones }),
    properties: {
      hardwareProfile: { vmSize: size },
      storageProfile: {
        imageReference: { ...IMAGE, version: 'latest' },
        osDisk: {
          createOption: 'FromImage',
          caching: 'ReadWrite',
          managedDisk: { storageAccountType: 'Premium_LRS' },
        },
        dataDisks: [{ lun: 0, createOption: 'Attach', managedDisk: { id: copy } }],
      },
      osProfile: {
        computerName: repairName,
        adminUsername: 'repairer',
        adminPassword: 'Long-enough-1!',
      },
      networkProfile: { networkInterfaces: [{ id: nic }] },
    },
  });

  /** `az vm disk detach` and `az vm update --os-disk`: the VM is read, changed, and put. */
  const putVm = (id: string, changed: (profile: StorageProfile) => StorageProfile): Promise<void> =>
    command(async () => {
      const { properties } = vmSchema.parse(await get(id));
      await change('PUT', id, {
        location: LOCATION,
        properties: { storageProfile: changed(properties.storageProfile) },
      });
    });

  return {
    async create() {
      // The validator, and the encryption that it looks for.
      await command(() => get(vm));
      await command(() => get(osDisk));
      await get(vm);
      await get(`${vm}?$expand=instanceView`);
      await listSkus();
      await findImage();
      await listSkus();
      await command(() => look('HEAD', group));
      await command(() => begin('PUT', group, { location: LOCATION }));
      await command(() => get(osDisk));
      await copyDisk();
      await createRepairVm();
      await listGroup();
      return copy;
    },
    async run() {
      await command(() => get(vm));
      await findRepairVm();
      await get(vm);
      await command(() =>
        change('POST', `${repairVm}/runCommand`, { commandId: 'RunPowerShellScript', script: ['# win-…'] }),
      );
    },
    async restore() {
      await command(() => get(vm));
      await findRepairVm();
      await get(repairVm);
      await get(vm);
      await putVm(repairVm, (profile) => ({ ...profile, dataDisks: [] }));
      await putVm(vm, (profile) => ({
        ...profile,
        osDisk: { ...profile.osDisk, name: `${name}-DiskCopy`, managedDisk: { id: copy } },
      }));
      await listGroup();
      await command(() => begin('DELETE', group));
    },
  };
}
