import * as z from 'zod';
import { ArmError } from '../../arm/errors.ts';
import { nameOf, parseResourceId } from '../../arm/store/resource-id.ts';
import { toJson } from '../../arm/store/json.ts';
import { idOf, vmOf, type Scene } from '../scene.ts';
import type { VerbEntry } from './verb.ts';

/** What is made and deleted. */
export const LIFECYCLE = {
  delete: {
    usage: 'delete [vm|role:<role>|<name>]',
    words: [0, 1],
    async run(scene, [what = 'vm']) {
      await scene.azure.change('DELETE', idOf(scene, what));
    },
  },
  /** Deletes the VM and makes another of its name on the same NIC: another `vmId`, another OS disk. */
  recreate: { usage: 'recreate', words: [0, 0], run: recreate },
  /** What the janitor of a deployment does that takes every expired tag for its own. */
  janitor: { usage: 'janitor', words: [0, 0], run: sweep },
} satisfies Record<string, VerbEntry>;

async function recreate(scene: Scene): Promise<void> {
  const { azure, vmId, context } = scene;
  const { location, zones, properties, generation, osType, tags } = vmOf(scene);
  const { imageReference } = properties.storageProfile ?? {};
  const image =
    imageReference?.publisher === undefined
      ? context.catalogue.images.find((one) => one.generation === generation && one.osType === osType)
      : imageReference;
  const { publisher, offer, sku, version } = image ?? {};
  await azure.change('DELETE', vmId);
  await azure.change(
    'PUT',
    vmId,
    toJson({
      location,
      zones,
      tags,
      properties: {
        hardwareProfile: properties.hardwareProfile,
        securityProfile: properties.securityProfile,
        storageProfile: {
          imageReference: { publisher, offer, sku, version },
          osDisk: { createOption: 'FromImage', caching: 'ReadWrite' },
        },
        osProfile: {
          computerName: nameOf(vmId).slice(0, 15),
          adminUsername: 'azureuser',
          adminPassword: 'made by hand 1',
        },
        networkProfile: {
          networkInterfaces: properties.networkProfile?.networkInterfaces?.map(({ id }) => ({ id })),
        },
      },
    }),
  );
}

const listSchema = z.object({
  value: z.array(z.object({ id: z.string(), tags: z.record(z.string(), z.string()).optional() })),
});

/** VMs first: what they hold cannot go before them. */
const SWEPT = [
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Network/networkInterfaces',
  'Microsoft.Compute/disks',
  'Microsoft.Compute/snapshots',
];

async function sweep({ azure, vmId, context }: Scene): Promise<void> {
  const subscription = `/subscriptions/${parseResourceId(vmId)?.subscriptionId ?? ''}`;
  for (const type of SWEPT) {
    const { value } = listSchema.parse(await azure.get(`${subscription}/providers/${type}`));
    for (const { id, tags = {} } of value) {
      const expires = Date.parse(tags['rdp-medic-expires'] ?? '');
      if (tags['rdp-medic-remediation'] === undefined || !(expires < context.clock.now())) continue;
      // What is in use or locked stays: a janitor comes again.
      await azure.change('DELETE', id).catch((error: unknown) => {
        if (!(error instanceof ArmError)) throw error;
      });
    }
  }
}
