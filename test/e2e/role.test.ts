import { readRoleDefinition } from '../../lab/arm/access/roles.ts';
import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { corruptTermService } from '../../lab/fleet/faults/beyond-repair.ts';
import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import type { OutcomeKind, RemediationRecord } from '../../shared/model/record.ts';
import { requestFor } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const HUB = `/subscriptions/${LAB_SUBSCRIPTION}/resourceGroups/rg-hub`;
const now = Date.now();
const { Actions } = readRoleDefinition();

/** Rights that no run here needs, each with the reason why the role has them all the same. */
const BEYOND_THE_LAB = [
  // What sizes are offered is asked at the subscription, where the role is not assigned here: then those are tried that most regions have.
  'Microsoft.Compute/locations/usages/read',
  'Microsoft.Compute/skus/read',
  // Only where it is set so (RDP_MEDIC_TAKE_DOWN).
  'Microsoft.Compute/virtualMachines/powerOff/action',
  // A rule that follows a moved port lets in the application groups that its model does.
  'Microsoft.Network/applicationSecurityGroups/joinNetworkSecurityRule/action',
  // Azure may answer with `Location` alone, which is then what is polled.
  'Microsoft.Network/locations/operationResults/read',
  // Takes a rule back that was added, when a remediation is rolled back by hand.
  'Microsoft.Network/networkSecurityGroups/securityRules/delete',
];

/** Every way a remediation can go, as far as rights are concerned. */
const WAYS: readonly { name: string; request: object; outcome: OutcomeKind }[] = [
  { name: 'open-to-internet', request: {}, outcome: 'repaired-online' },
  { name: 'rdp-port-stubborn', request: {}, outcome: 'repaired-online' },
  { name: 'tls', request: {}, outcome: 'repaired-online' },
  { name: 'rdp-certificate-peer', request: {}, outcome: 'repaired-online' },
  { name: 'swapped', request: { options: { restoreWay: 'swap' } }, outcome: 'not-fixed' },
  { name: 'rebuilt', request: requestFor('rebuild'), outcome: 'not-fixed' },
  // The only one that deletes its snapshot at once: the others leave that to the janitor.
  { name: 'rehearsed', request: { mode: 'rehearse' }, outcome: 'diagnosed' },
];

let theatre: Theatre;
const records = new Map<string, RemediationRecord>();
/** All of them before the first test: what is used of the role is the sum of them. */
beforeAll(async () => {
  // Networks and security groups lie in a group of their own, as in a hub and its spokes.
  const inSpoke = (vm: FleetVm): FleetVm => ({ ...vm, spec: { ...vm.spec, networkGroup: 'rg-hub' } });
  const asIs = (name: string): FleetVm => inSpoke(fleetVm(name, { now }));
  const beyondRepair = (name: string): FleetVm => {
    const vm = fleetVm('tls-agent-not-ready', { now });
    corruptTermService(vm.spec.osDisk);
    return inSpoke({ ...vm, spec: { ...vm.spec, name } });
  };
  const renamed = (kind: string, name: string): FleetVm => {
    const vm = fleetVm(kind, { now });
    return { ...vm, spec: { ...vm.spec, name } };
  };
  theatre = await openTheatre(19, {
    fleet: [
      ...['open-to-internet', 'rdp-port-stubborn', 'tls', 'rdp-certificate-peer', 'peer'].map(asIs),
      ...['swapped', 'rebuilt', 'without-rescue', 'not-started'].map(beyondRepair),
      inSpoke(renamed('tls-agent-not-ready', 'rehearsed')),
    ],
    lab: { assignedScopes: [LAB_GROUP_ID, HUB] },
  });
  const { lab } = theatre.stage;
  // A user-assigned identity can only be given back by whoever may assign it.
  const identity = `${HUB}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app`;
  lab.vm('rebuilt').identity = { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } };
  Object.assign(lab.vm('rebuilt').properties, {
    capacityReservation: {
      capacityReservationGroup: { id: `${HUB}/providers/Microsoft.Compute/capacityReservationGroups/kept` },
    },
  });
  // A customer's own key.
  lab.disk(theatre.osDiskOf('swapped').id).properties.encryption = {
    type: 'EncryptionAtRestWithCustomerKey',
    diskEncryptionSetId: `${HUB}/providers/Microsoft.Compute/diskEncryptionSets/own-key`,
  };
  for (const { name, request } of WAYS) records.set(name, await theatre.remediate(name, request));
  lab.faults.add(
    ...parseFaults('1+5 PUT:Microsoft.Compute/virtualMachines/write@rescue-vm=409(SkuNotAvailable)'),
  );
  records.set('without-rescue', await theatre.remediate('without-rescue'));
  lab.faults.add(...parseFaults('1+6 *start/action@not-started=409(SkuNotAvailable)'));
  records.set('not-started', await theatre.remediate('not-started'));
});
afterAll(() => theatre.close());

it.each(WAYS)('the role is enough for $name', ({ name, outcome }) => {
  const { outcome: ended, errors = [], steps = [] } = records.get(name) ?? {};
  expect(ended?.kind).toBe(outcome);
  expect([...errors, ...steps.flatMap(({ error }) => error ?? [])]).toEqual([]);
});

it('the role is enough to clean up after a rescue VM that Azure refused', () => {
  const record = records.get('without-rescue');
  expect(record?.outcome?.kind).toBe('not-fixed');
  expect(record?.cleanup.leftovers).toEqual([]);
});

it('the role is enough to ask who stopped a VM that Azure does not start', () => {
  expect(records.get('not-started')?.cleanup.leftovers).toEqual([]);
  expect(theatre.stage.lab.vm('not-started').power).toBe('running');
});

it('the role holds nothing that is not needed', () => {
  const used = theatre.stage.lab.usedActions();
  expect(Actions.filter((action) => !used.has(action))).toEqual(BEYOND_THE_LAB);
});
