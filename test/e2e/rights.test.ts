import { readRoleDefinition } from '../../lab/arm/access/roles.ts';
import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { eachOf } from '../support/rows.ts';
import { requestFor } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const HUB = `/subscriptions/${LAB_SUBSCRIPTION}/resourceGroups/rg-hub`;
const now = Date.now();
const { Actions } = readRoleDefinition();

/** What shows the VM in the first place: Azure itself says what is missing, before there is anything to decide. */
const AT_THE_FIRST_LOOK = [
  'Microsoft.Authorization/locks/read',
  'Microsoft.Compute/disks/read',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.Network/publicIPAddresses/read',
];

/** Without which a VM is repaired all the same, each with the reason. */
const DISPENSABLE = [
  // Without what is offered, those sizes are tried that most regions have.
  'Microsoft.Compute/locations/usages/read',
  'Microsoft.Compute/skus/read',
  // Only where it is set so (RDP_MEDIC_TAKE_DOWN).
  'Microsoft.Compute/virtualMachines/powerOff/action',
  // Asked only of a VM that Azure does not start: whose word it is that keeps it down.
  'Microsoft.Insights/eventtypes/values/read',
  // When its owner has it shut down by itself is not known then.
  'Microsoft.DevTestLab/schedules/read',
  // Which changes a policy would deny is not known then, and the report says so.
  'Microsoft.PolicyInsights/checkPolicyRestrictions/read',
  // Rules of security groups stay as they are then, and the report says so.
  'Microsoft.Network/applicationSecurityGroups/joinNetworkSecurityRule/action',
  'Microsoft.Network/networkSecurityGroups/read',
  'Microsoft.Network/networkSecurityGroups/securityRules/delete',
  'Microsoft.Network/networkSecurityGroups/securityRules/read',
  'Microsoft.Network/networkSecurityGroups/securityRules/write',
  // Where Azure says no other address to poll.
  'Microsoft.Network/locations/operationResults/read',
];

/** A VM that the service cannot find is told so at the door. */
const AT_THE_DOOR = 'Microsoft.Compute/virtualMachines/read';

const NAMED = Actions.filter(
  (action) => ![...AT_THE_FIRST_LOOK, ...DISPENSABLE, AT_THE_DOOR].includes(action),
);

/** One VM for each action: none rests from an earlier attempt. */
const rowsOf = (actions: readonly string[]) =>
  actions.map((action) => ({ action, name: `without-${String(Actions.indexOf(action))}` }));
const DENIED = 'denied';
const UNTOLD = 'untold';
const NAMES = [...rowsOf(Actions).map(({ name }) => name), DENIED, UNTOLD];

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(120, {
    // Its network lies in another group: rights are needed, and named, there too.
    fleet: NAMES.map((name) => {
      const vm = fleetVm('tls-agent-not-ready', { now });
      return { ...vm, spec: { ...vm.spec, name, networkGroup: 'rg-hub' } };
    }),
    lab: { assignedScopes: [LAB_GROUP_ID, HUB] },
  });
  const { lab } = theatre.stage;
  const identity = `${HUB}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app`;
  const reservation = `${HUB}/providers/Microsoft.Compute/capacityReservationGroups/kept`;
  for (const { name } of rowsOf(NAMED)) {
    lab.disk(theatre.osDiskOf(name).id).properties.encryption = {
      type: 'EncryptionAtRestWithCustomerKey',
      diskEncryptionSetId: `${HUB}/providers/Microsoft.Compute/diskEncryptionSets/own-key`,
    };
    lab.vm(name).identity = { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } };
    Object.assign(lab.vm(name).properties, {
      capacityReservation: { capacityReservationGroup: { id: reservation } },
    });
  }
});
afterAll(() => theatre.close());
afterEach(() => {
  theatre.stage.lab.redefineRole({ Actions, NotActions: [] });
});

const without = (...missing: string[]): void => {
  theatre.stage.lab.redefineRole({ Actions, NotActions: missing });
};

/** What Azure was asked to do to a VM that takes it down. */
function takenDown(name: string): string[] {
  const { lab } = theatre.stage;
  return lab
    .activity()
    .filter(({ resource }) => resource.toLowerCase() === lab.vm(name).id.toLowerCase())
    .map(({ action }) => action)
    .filter((action) => /deallocate|poweroff|restart|delete$/i.test(action));
}

function expectUp(name: string, record: RemediationRecord): void {
  expect(takenDown(name)).toEqual([]);
  expect(theatre.stage.lab.vm(name).power).toBe('running');
  expect(record.cleanup.leftovers).toEqual([]);
}

eachOf(rowsOf(NAMED), 8)(
  'without $action the VM stays up, and preflight names what is missing, and where',
  async ({ action, name }) => {
    without(action);
    const record = await theatre.remediate(name, requestFor('rebuild'));
    expect(record.outcome?.kind).toMatch(/^(refused|not-fixed)$/);
    const told = record.refusals.filter(({ code }) => code === 'AccessDenied').map(({ message }) => message);
    expect(told).not.toEqual([]);
    for (const message of told) {
      expect(message).toContain(action);
      expect(message).toContain('/resource');
    }
    expectUp(name, record);
  },
);

it.each(rowsOf(AT_THE_FIRST_LOOK))(
  'without $action nothing is touched, and Azure’s own words name it',
  async ({ action, name }) => {
    without(action);
    const record = await theatre.remediate(name);
    expect(record.outcome).toMatchObject({
      kind: 'failed',
      summary: expect.stringMatching(/^Nothing was changed: /),
    });
    expect(record.outcome?.summary).toContain(action);
    expectUp(name, record);
  },
);

it('without the right to see the VM its remediation is not even started', async () => {
  without(AT_THE_DOOR);
  await expect(theatre.remediate(rowsOf([AT_THE_DOOR])[0]?.name ?? '')).rejects.toThrow('404');
});

eachOf(rowsOf(DISPENSABLE), 8)('without $action a VM is repaired all the same', async ({ action, name }) => {
  without(action);
  const { outcome, cleanup } = await theatre.remediate(name);
  expect(outcome?.kind).toBe('repaired-offline');
  expect(cleanup.leftovers).toEqual([]);
});

it('what no list of permissions tells, the rehearsal does: a deny assignment', async () => {
  theatre.stage.lab.faults.add(
    ...parseFaults('1+* PUT:*disks/write@rehearsal-disk=403(DenyAssignmentAuthorizationFailed)'),
  );
  const record = await theatre.remediate(DENIED);
  theatre.stage.lab.faults.clear();
  expect(record.outcome?.kind).toBe('not-fixed');
  expect(record.errors.map(({ message }) => message).join()).toContain('DenyAssignmentAuthorizationFailed');
  expectUp(DENIED, record);
});

it('whoever may not be asked what he may do takes no VM down', async () => {
  without('Microsoft.Authorization/permissions/read', 'Microsoft.Compute/virtualMachines/start/action');
  const record = await theatre.remediate(UNTOLD);
  expect(record.outcome?.kind).toBe('not-fixed');
  expect(record.refusals.map(({ message }) => message).join()).toContain('permissions/read');
  expectUp(UNTOLD, record);
});
