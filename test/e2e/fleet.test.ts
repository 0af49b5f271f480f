import { LAB_RESOURCE_GROUP, LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
import { groupId } from '../../lab/arm/store/resource-id.ts';
import { eachOf } from '../support/rows.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { REPAIRED, stateUnder } from './support/end-states.ts';
import { makeFleet } from '../../lab/fleet/index.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';

const FLEET = makeFleet({ now: Date.now() });
const repaired = FLEET.filter(
  ({ expected }) => expected.kind === 'repaired-online' || expected.kind === 'repaired-offline',
);

let theatre: Theatre;
beforeAll(async () => {
  // As fleets are: networks in a hub, disks in a group of their own, and the role on these groups, not on the subscription.
  const spread = FLEET.map((vm) => ({
    ...vm,
    spec: { ...vm.spec, networkGroup: 'rg-hub', diskGroup: 'rg-disks' },
  }));
  const groups = [LAB_RESOURCE_GROUP, 'rg-hub', 'rg-disks'];
  theatre = await openTheatre(2, {
    fleet: spread,
    lab: { assignedScopes: groups.map((name) => groupId(LAB_SUBSCRIPTION, name)) },
  });
});
afterAll(() => theatre.close());

const stepOf = (record: RemediationRecord, id: string) => record.steps.find((step) => step.id === id);

describe('a VM whose RDP is broken', () => {
  eachOf(
    repaired.map(({ spec, brokenBy, expected }) => ({ name: spec.name, brokenBy, expected })),
    3,
  )('$name ($brokenBy) answers again', async ({ name, expected }) => {
    const before = theatre.osDiskOf(name).id;
    expect((await theatre.rdpOf(name)).state).not.toBe('healthy');

    const record = await theatre.remediate(name);

    expect(record.outcome).toMatchObject({ kind: expected.kind });
    expect(stepOf(record, expected.step ?? '')).toMatchObject({ state: 'fixed', remaining: [] });
    expect(await theatre.rdpOf(name, record.outcome?.rdpPort)).toMatchObject({ state: 'healthy' });
    expect(stateUnder(theatre, name)).toMatchObject(REPAIRED[name] ?? { nothing: 'expected of this VM' });
    expect(theatre.stage.lab.vm(name).power).toBe('running');
    expectSafeAndClean(record, name, before);
  });
});

describe('a VM that cannot be repaired', () => {
  it('ends as it was found, and the record says so', async () => {
    const before = theatre.osDiskOf('beyond-repair').id;
    const record = await theatre.remediate('beyond-repair');
    expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
    expect(theatre.osDiskOf('beyond-repair').id).toBe(before);
    expect(theatre.stage.lab.vm('beyond-repair').power).toBe('running');
    expectSafeAndClean(record, 'beyond-repair', before);
    expect(record.advice.join('\n')).toContain(record.snapshot?.id);
  });

  it('names the Group Policy that puts the fault back, and leaves Group Policy on', async () => {
    const before = theatre.osDiskOf('tls-policy').id;
    const record = await theatre.remediate('tls-policy');
    expect(record.outcome).toMatchObject({ kind: 'set-by-policy', causes: ['tls'] });
    expect(record.steps.flatMap(({ remaining }) => remaining)).toContainEqual(
      expect.objectContaining({ code: 'TlsSetByPolicy' }),
    );
    expect(stateUnder(theatre, 'tls-policy')).toMatchObject({ tls12: false, groupPolicy: 2 });
    expectSafeAndClean(record, 'tls-policy', before);
  });
});

describe('a VM that needs no repair', () => {
  it.each(['healthy', 'peer'])('%s is told so, and nothing on it is changed', async (name) => {
    const disk = structuredClone(theatre.osDiskOf(name).content);
    const record = await theatre.remediate(name);
    expect(record.outcome).toMatchObject({ kind: 'healthy' });
    expect(record.steps.flatMap(({ actions }) => actions)).toEqual([]);
    expect(record.snapshot).toBeUndefined();
    expect(theatre.osDiskOf(name).content).toEqual(disk);
    expect(theatre.leftovers()).toEqual([]);
  });
});

/** True of every remediation: the snapshot first, the original disk kept if it was replaced, nothing left behind. */
function expectSafeAndClean(record: RemediationRecord, name: string, originalDiskId: string): void {
  const { lab } = theatre.stage;
  const firstChange = record.steps.find(({ actions }) => actions.length > 0);
  expect(stepOf(record, 'snapshot')).toMatchObject({ state: 'done' });
  expect(lab.snapshot(record.snapshot?.id ?? '')).toMatchObject({ tags: { 'rdp-medic-role': 'snapshot' } });
  if (firstChange) expect(firstChange.startedAt >= (stepOf(record, 'snapshot')?.endedAt ?? '')).toBe(true);
  const replaced = theatre.osDiskOf(name).id.toLowerCase() !== originalDiskId.toLowerCase();
  expect(replaced).toBe(record.outcome?.kind === 'repaired-offline');
  if (replaced)
    expect(lab.disk(originalDiskId)).toMatchObject({ tags: { 'rdp-medic-role': 'original-disk' } });
  expect(lab.store.runCommands.within(lab.vm(name).id)).toEqual([]);
  expect(record.cleanup.leftovers).toEqual([]);
  expect(theatre.leftovers()).toEqual([]);
  expect(record.errors.filter(({ code }) => code === 'Internal')).toEqual([]);
}
