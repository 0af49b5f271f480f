import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { ask, bring } from './support/ask.ts';
import { EVERYTHING, startBench, windowsVm, type Bench } from './support/lab.ts';

const HUB = `/subscriptions/${LAB_SUBSCRIPTION}/resourceGroups/rg-hub`;
const COMPUTE = `${LAB_GROUP_ID}/providers/Microsoft.Compute`;
const SET = `${HUB}/providers/Microsoft.Compute/diskEncryptionSets/own-key`;
const RESERVATION = `${HUB}/providers/Microsoft.Compute/capacityReservationGroups/kept`;
const APPLICATION = `${HUB}/providers/Microsoft.Network/applicationSecurityGroups/admins`;
const NSG = `${LAB_GROUP_ID}/providers/Microsoft.Network/networkSecurityGroups/vm1-nsg`;

let bench: Bench;
beforeEach(async () => {
  // Owner, but of the fleet's group only: what is named elsewhere is somebody else's.
  bench = await startBench({ role: EVERYTHING, assignedScopes: [LAB_GROUP_ID] });
  await bench.lab.addVm(windowsVm('vm1'));
  await bench.lab.addVm(windowsVm('spoke', { networkGroup: 'rg-hub' }));
});
afterEach(() => bench.close());

const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: SET };
const copy = (): object => ({
  location: 'westeurope',
  properties: {
    creationData: { createOption: 'Copy', sourceResourceId: bench.lab.disk('vm1-osdisk').id },
    encryption,
  },
});

/** Calls whose body names what lies in another group, with the right that each needs there. */
const CALLS: [string, () => [method: string, path: string, body: object], action: string, scope: string][] = [
  [
    'a snapshot with an encryption set',
    () => ['PUT', `${COMPUTE}/snapshots/s`, copy()],
    'Microsoft.Compute/diskEncryptionSets/read',
    SET,
  ],
  [
    'a disk with an encryption set',
    () => ['PUT', `${COMPUTE}/disks/d`, copy()],
    'Microsoft.Compute/diskEncryptionSets/read',
    SET,
  ],
  [
    'a VM whose body names the encryption set of a disk',
    () => [
      'PATCH',
      `${COMPUTE}/virtualMachines/vm1`,
      { properties: { storageProfile: { osDisk: { managedDisk: { diskEncryptionSet: { id: SET } } } } } },
    ],
    'Microsoft.Compute/diskEncryptionSets/read',
    SET,
  ],
  [
    'a VM that draws from a capacity reservation',
    () => [
      'PATCH',
      `${COMPUTE}/virtualMachines/vm1`,
      { properties: { capacityReservation: { capacityReservationGroup: { id: RESERVATION } } } },
    ],
    'Microsoft.Compute/capacityReservationGroups/deploy/action',
    RESERVATION,
  ],
  [
    'a rule for an application security group',
    () => [
      'PUT',
      `${NSG}/securityRules/new`,
      {
        properties: {
          protocol: 'Tcp',
          access: 'Allow',
          priority: 310,
          direction: 'Inbound',
          sourceApplicationSecurityGroups: [{ id: APPLICATION }],
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '3389',
        },
      },
    ],
    'Microsoft.Network/applicationSecurityGroups/joinNetworkSecurityRule/action',
    APPLICATION,
  ],
  [
    'a network card in the subnet of a hub',
    () => [
      'PUT',
      `${LAB_GROUP_ID}/providers/Microsoft.Network/networkInterfaces/n`,
      {
        location: 'westeurope',
        properties: {
          ipConfigurations: [
            {
              name: 'i',
              properties: {
                subnet: {
                  id: `${HUB}/providers/Microsoft.Network/virtualNetworks/vnet-fleet/subnets/default`,
                },
              },
            },
          ],
        },
      },
    ],
    'Microsoft.Network/virtualNetworks/subnets/join/action',
    `${HUB}/providers/Microsoft.Network/virtualNetworks/vnet-fleet/subnets/default`,
  ],
];

it.each(CALLS)('%s needs a right where that lies', async (_case, call, action, scope) => {
  const refusal = await bring(bench, ...call());
  expect(refusal).toMatchObject({ status: 403, code: 'LinkedAuthorizationFailed' });
  expect(refusal.message).toContain(`perform action '${action}' on the linked scope(s) '${scope}'`);
});

it('a role on a group does not read the locks of its subscription', async () => {
  const locks = (scope: string) => ask(bench, 'GET', `${scope}/providers/Microsoft.Authorization/locks`);
  expect(await locks(LAB_GROUP_ID)).toMatchObject({ status: 200 });
  expect(await locks(`/subscriptions/${LAB_SUBSCRIPTION}`)).toMatchObject({
    status: 403,
    code: 'AuthorizationFailed',
  });
});

it('a VM shows the encryption sets of its disks, on or off', async () => {
  bench.lab.disk('vm1-osdisk').properties.encryption = encryption;
  for (const verb of ['restart', 'deallocate']) {
    await bring(bench, 'POST', `${COMPUTE}/virtualMachines/vm1/${verb}`);
    const { body } = await ask(bench, 'GET', `${COMPUTE}/virtualMachines/vm1`);
    expect(body).toMatchObject({
      properties: { storageProfile: { osDisk: { managedDisk: { diskEncryptionSet: { id: SET } } } } },
    });
  }
});
