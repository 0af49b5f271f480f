import type { Disk, VirtualMachine } from '@azure/arm-compute';
import type { NetworkInterface } from '@azure/arm-network';
import {
  agentReady,
  expectedOf,
  osTypeOf,
  powerStateOf,
  settledAt,
} from '../../../shared/azure/inspect-vm.ts';
import { lossesOfRebuild, takesAlong } from '../../../shared/azure/losses.ts';
import { rightsOfRebuild } from '../../../shared/azure/rebuild-rights.ts';
import { requireSameSecurityType } from '../../../shared/azure/security-type.ts';
import { encryptionSetsOf, startRisksOf } from '../../../shared/azure/start-risks.ts';

type Vm = Omit<VirtualMachine, 'location'>;
const vm = (fields: Vm = {}): VirtualMachine => ({ location: 'westeurope', ...fields });
const disk = (fields: Omit<Disk, 'location'> = {}): Disk => ({ location: 'westeurope', ...fields });
const ref = (id: string): { id: string } => ({ id });
const keyed = (key: string): Vm => ({
  storageProfile: {
    dataDisks: [
      { lun: 0, createOption: 'Attach' },
      { lun: 1, createOption: 'Attach', managedDisk: {} },
      { lun: 2, createOption: 'Attach', managedDisk: { diskEncryptionSet: ref(key) } },
    ],
  },
});
const card = (fields: NetworkInterface): NetworkInterface => fields;

describe('what may keep a VM from starting again', () => {
  it.each<[string, Vm, NetworkInterface[], string[]]>([
    ['nothing', {}, [card({})], []],
    ['its size alone', { zones: [], priority: 'Regular', storageProfile: { dataDisks: [] } }, [], []],
    ['its availability set', { availabilitySet: ref('a') }, [], ['availability-set']],
    ['its proximity group', { proximityPlacementGroup: ref('p') }, [], ['proximity-group']],
    ['its host', { host: ref('h') }, [], ['dedicated-host']],
    ['its group of hosts', { hostGroup: ref('h') }, [], ['dedicated-host']],
    [
      'its reservation',
      { capacityReservation: { capacityReservationGroup: ref('c') } },
      [],
      ['capacity-reservation'],
    ],
    ['no reservation', { capacityReservation: {} }, [], []],
    ['that it is a spot VM', { priority: 'Spot' }, [], ['spot']],
    ['that it is a low priority VM', { priority: 'Low' }, [], ['spot']],
    ['its scale set', { virtualMachineScaleSet: ref('s') }, [], ['scale-set']],
    ['its zone', { zones: ['2'] }, [], ['zone']],
    [
      'one of its network cards',
      {},
      [card({}), card({ enableAcceleratedNetworking: true })],
      ['accelerated-networking'],
    ],
    [
      'an ultra disk',
      {
        storageProfile: {
          dataDisks: [
            { lun: 0, createOption: 'Attach' },
            { lun: 1, createOption: 'Attach', managedDisk: { storageAccountType: 'UltraSSD_LRS' } },
          ],
        },
      },
      [],
      ['fast-disks'],
    ],
    [
      'a premium disk of the second version',
      {
        storageProfile: {
          dataDisks: [
            { lun: 0, createOption: 'Attach', managedDisk: { storageAccountType: 'PremiumV2_LRS' } },
            { lun: 1, createOption: 'Attach', managedDisk: { storageAccountType: 'Premium_LRS' } },
          ],
        },
      },
      [],
      ['fast-disks'],
    ],
    [
      'no premium disk',
      {
        storageProfile: {
          dataDisks: [{ lun: 0, createOption: 'Attach', managedDisk: { storageAccountType: 'Premium_LRS' } }],
        },
      },
      [],
      [],
    ],
  ])('is %s', (_what, fields, nics, risks) => {
    expect(startRisksOf(vm(fields), nics, [])).toEqual(risks);
  });

  it('is a key of its owner', () => {
    expect(startRisksOf(vm(), [], ['a key'])).toEqual(['customer-key']);
  });
});

it('the keys of its disks are each named once, however Azure spells them', () => {
  const encrypted = disk({ encryption: { diskEncryptionSetId: '/sets/A' } });
  expect(encryptionSetsOf(vm(keyed('/sets/a')), encrypted)).toEqual(['/sets/a']);
  expect(encryptionSetsOf(vm(keyed('/sets/b')), encrypted)).toEqual(['/sets/A', '/sets/b']);
  expect(encryptionSetsOf(vm(keyed('/sets/b')), undefined)).toEqual(['/sets/b']);
  expect(encryptionSetsOf(vm(), disk())).toEqual([]);
  expect(encryptionSetsOf(vm({ storageProfile: {} }), disk({ encryption: {} }))).toEqual([]);
});

describe('what a rebuild loses', () => {
  it.each<[string, Vm, string[]]>([
    ['nothing but its id', {}, []],
    [
      'nothing but its id, of a VM with all that is kept',
      {
        identity: { type: 'UserAssigned' },
        resources: [],
        plan: {},
        capacityReservation: {},
        securityProfile: { securityType: 'ConfidentialVM' },
      },
      [],
    ],
    ['nothing but its id, of a VM whose identity has no kind', { identity: {} }, []],
    ['its identity', { identity: { type: 'SystemAssigned, UserAssigned' } }, ['system-assigned-identity']],
    ['its OS profile', { osProfile: {} }, ['os-profile']],
    ['its extensions', { resources: [{ location: 'westeurope' }] }, ['extensions']],
    ['its availability set', { availabilitySet: ref('a') }, ['placement']],
    ['its proximity group', { proximityPlacementGroup: ref('p') }, ['placement']],
    ['its host', { host: ref('h') }, ['placement']],
    ['its group of hosts', { hostGroup: ref('h') }, ['placement']],
    ['its scale set', { virtualMachineScaleSet: ref('s') }, ['placement']],
    ['its reservation', { capacityReservation: { capacityReservationGroup: ref('c') } }, ['placement']],
    ['its plan', { plan: { name: 'p' } }, ['plan']],
    ['its vTPM', { securityProfile: { securityType: 'TrustedLaunch' } }, ['trusted-launch-state']],
    [
      'what is deleted with it',
      { networkProfile: { networkInterfaces: [{ deleteOption: 'Delete' }] } },
      ['delete-options'],
    ],
  ])('is %s', (_what, fields, losses) => {
    expect(lossesOfRebuild(vm(fields))).toEqual(['vm-id', ...losses]);
  });
});

it.each<[string, Vm, boolean]>([
  ['nothing', {}, false],
  [
    'nothing that is detached',
    { storageProfile: { osDisk: { createOption: 'Attach', deleteOption: 'Detach' } } },
    false,
  ],
  ['an OS disk', { storageProfile: { osDisk: { createOption: 'Attach', deleteOption: 'Delete' } } }, true],
  [
    'the second of its data disks',
    {
      storageProfile: {
        dataDisks: [
          { lun: 0, createOption: 'Attach', deleteOption: 'Detach' },
          { lun: 1, createOption: 'Attach', deleteOption: 'Delete' },
        ],
      },
    },
    true,
  ],
  ['a network card', { networkProfile: { networkInterfaces: [{}, { deleteOption: 'Delete' }] } }, true],
])('a VM takes %s with it when it is deleted: %s', (_what, fields, takes) => {
  expect(takesAlong(vm(fields))).toBe(takes);
});

it('a rebuild needs a right on each thing that the VM refers to', () => {
  expect(rightsOfRebuild(vm())).toEqual([]);
  expect(rightsOfRebuild(vm({ identity: {}, capacityReservation: {}, storageProfile: {} }))).toEqual([]);
  const fields = {
    ...keyed('/sets/b'),
    identity: { userAssignedIdentities: { '/identities/i': {} } },
    capacityReservation: { capacityReservationGroup: ref('/reservations/r') },
  };
  expect(rightsOfRebuild(vm(fields))).toEqual([
    {
      scope: '/identities/i',
      actions: ['Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'],
    },
    { scope: '/reservations/r', actions: ['Microsoft.Compute/capacityReservationGroups/deploy/action'] },
    { scope: '/sets/b', actions: ['Microsoft.Compute/diskEncryptionSets/read'] },
  ]);
});

describe('how a VM stands', () => {
  const ended = new Date('2026-03-01T12:00:00Z');
  const statuses = [
    {},
    { code: 'ProvisioningState/succeeded', time: ended },
    { code: 'PowerState/deallocated', time: new Date(0) },
  ];

  it('is what its instance view says, and unknown where that says nothing', () => {
    const seen = vm({ instanceView: { statuses } });
    expect([powerStateOf(seen), settledAt(seen)]).toEqual(['deallocated', ended.toISOString()]);
    for (const silent of [vm(), vm({ instanceView: {} }), vm({ instanceView: { statuses: [{}] } })])
      expect([powerStateOf(silent), settledAt(silent)]).toEqual(['unknown', null]);
    expect(
      settledAt(vm({ instanceView: { statuses: [{ code: 'ProvisioningState/updating' }] } })),
    ).toBeNull();
  });

  it.each<[boolean, NonNullable<VirtualMachine['instanceView']> | undefined]>([
    [true, { vmAgent: { statuses: [{ displayStatus: 'Not Ready' }, { displayStatus: 'Ready' }] } }],
    [false, { vmAgent: { statuses: [{ displayStatus: 'Not Ready' }] } }],
    [false, { vmAgent: { statuses: [] } }],
    [false, { vmAgent: {} }],
    [false, {}],
    [false, undefined],
  ])('with an agent that is ready: %s', (ready, instanceView) => {
    expect(agentReady(vm(instanceView && { instanceView }))).toBe(ready);
  });

  it.each<[string, Vm]>([
    ['Windows', { storageProfile: { osDisk: { createOption: 'Attach', osType: 'Windows' } } }],
    ['Linux', { storageProfile: { osDisk: { createOption: 'Attach', osType: 'Linux' } } }],
    ['Unknown', { storageProfile: { osDisk: { createOption: 'Attach', osType: 'Plan9' as 'Linux' } } }],
    ['Unknown', { storageProfile: { osDisk: { createOption: 'Attach' } } }],
    ['Unknown', { storageProfile: {} }],
    ['Unknown', {}],
  ])('on %s', (type, fields) => {
    expect(osTypeOf(vm(fields))).toBe(type);
  });

  it('is compared by VM, disk, power and owner of the disk', () => {
    const seen = vm({
      vmId: 'v',
      instanceView: { statuses },
      storageProfile: { osDisk: { createOption: 'Attach', managedDisk: ref('/disks/OS') } },
    });
    const of = disk({ uniqueId: 'u', diskState: 'Reserved', lastOwnershipUpdateTime: ended });
    expect(expectedOf(seen, of)).toEqual({
      vmId: 'v',
      osDiskId: '/disks/os',
      osDiskUniqueId: 'u',
      power: 'deallocated',
      diskState: 'Reserved',
      ownershipUpdatedAt: ended.toISOString(),
    });
    const nothing = {
      vmId: '',
      osDiskId: '',
      osDiskUniqueId: '',
      power: 'unknown',
      diskState: 'unknown',
      ownershipUpdatedAt: null,
    };
    const bare: Vm[] = [
      {},
      { storageProfile: {} },
      { storageProfile: { osDisk: { createOption: 'Attach' } } },
      { storageProfile: { osDisk: { createOption: 'Attach', managedDisk: {} } } },
    ];
    for (const fields of bare) expect(expectedOf(vm(fields), disk())).toEqual(nothing);
  });
});

describe('a copy that goes under a VM', () => {
  const typed = (securityType?: string): Disk =>
    disk(securityType === undefined ? {} : { securityProfile: { securityType } });
  it.each([
    [undefined, undefined],
    [undefined, 'Standard'],
    ['TrustedLaunch', 'TrustedLaunch'],
    ['ConfidentialVM_DiskEncryptedWithCustomerKey', 'ConfidentialVM'],
  ])('of security type %s may take the place of one of %s', (copy, of) => {
    expect(() => {
      requireSameSecurityType(typed(copy), typed(of));
    }).not.toThrow();
  });
  it.each([
    [undefined, 'TrustedLaunch'],
    ['ConfidentialVM', 'Standard'],
    ['TrustedLaunch', 'ConfidentialVM'],
  ])('of security type %s may not take the place of one of %s', (copy, of) => {
    expect(() => {
      requireSameSecurityType({ ...typed(copy), name: 'copy' }, { ...typed(of), name: 'disk' });
    }).toThrow(/^copy has the security type .*, but disk has/);
  });
});
