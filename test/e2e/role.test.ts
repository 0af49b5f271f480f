import { readRoleDefinition } from '../../lab/arm/access/roles.ts';
import { LAB_GROUP_ID } from '../../lab/arm/start-lab.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { corruptTermService } from '../../lab/fleet/faults/beyond-repair.ts';
import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import type { OutcomeKind } from '../../shared/model/record.ts';
import { requestFor } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
const { Actions } = readRoleDefinition();

/** Rights that no run here needs, each with the reason why the role has them all the same. */
const BEYOND_THE_LAB = [
  // Only where it is set so (RDP_MEDIC_TAKE_DOWN).
  'Microsoft.Compute/virtualMachines/powerOff/action',
  // Azure may answer with `Location` alone, which is then what is polled.
  'Microsoft.Network/locations/operationResults/read',
  // Takes a rule back that was added, when a remediation is rolled back by hand.
  'Microsoft.Network/networkSecurityGroups/securityRules/delete',
];

let theatre: Theatre;
beforeAll(async () => {
  const asIs = (name: string): FleetVm => fleetVm(name, { now });
  const beyondRepair = (name: string): FleetVm => {
    const vm = fleetVm('tls-agent-not-ready', { now });
    corruptTermService(vm.spec.osDisk);
    return { ...vm, spec: { ...vm.spec, name } };
  };
  theatre = await openTheatre(19, {
    fleet: [
      ...['open-to-internet', 'rdp-port-stubborn', 'tls', 'rdp-certificate-peer', 'peer'].map(asIs),
      ...['swapped', 'rebuilt', 'without-rescue', 'not-started'].map(beyondRepair),
    ],
  });
  const { lab } = theatre.stage;
  // A user-assigned identity can only be given back by whoever may assign it.
  const identity = `${LAB_GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app`;
  lab.vm('rebuilt').identity = { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } };
});
afterAll(() => theatre.close());

/** Every way a remediation can go, as far as rights are concerned. */
it.each<[string, object, OutcomeKind]>([
  ['open-to-internet', {}, 'repaired-online'],
  ['rdp-port-stubborn', {}, 'repaired-online'],
  ['tls', {}, 'repaired-online'],
  ['rdp-certificate-peer', {}, 'repaired-online'],
  ['swapped', { options: { restoreWay: 'swap' } }, 'not-fixed'],
  ['rebuilt', requestFor('rebuild'), 'not-fixed'],
])('the role is enough for %s', async (name, request, outcome) => {
  const record = await theatre.remediate(name, request);
  expect(record.outcome?.kind).toBe(outcome);
  expect([...record.errors, ...record.steps.flatMap(({ error }) => error ?? [])]).toEqual([]);
});

it('the role is enough to clean up after a rescue VM that Azure refused', async () => {
  theatre.stage.lab.faults.add(
    ...parseFaults('PUT:Microsoft.Compute/virtualMachines/write@rescue-vm=400(SkuNotAvailable)'),
  );
  const record = await theatre.remediate('without-rescue');
  expect(record.outcome?.kind).toBe('not-fixed');
  expect(record.cleanup.leftovers).toEqual([]);
});

it('the role is enough to ask who stopped a VM that Azure does not start', async () => {
  const { lab } = theatre.stage;
  lab.faults.add(...parseFaults('1+6 *start/action@not-started=409(SkuNotAvailable)'));
  const record = await theatre.remediate('not-started');
  expect(record.cleanup.leftovers).toEqual([]);
  expect(lab.vm('not-started').power).toBe('running');
});

it('and holds nothing that is not needed', () => {
  const used = theatre.stage.lab.usedActions();
  expect(Actions.filter((action) => !used.has(action))).toEqual(BEYOND_THE_LAB);
});
