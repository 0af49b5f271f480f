import { parseActors } from '../../../lab/actors/parse.ts';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { corruptTermService } from '../../../lab/fleet/faults/beyond-repair.ts';
import { fleetVm, type FleetVm } from '../../../lab/fleet/index.ts';
import type { RemediationRecord } from '../../../shared/model/record.ts';
import type { RestoreWay } from '../../../shared/model/request.ts';
import { requestFor } from '../support/offline-repair.ts';
import { describeEachOf } from '../../support/rows.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { typedIn } from '../support/typed.ts';

const now = Date.now();
const WAYS: readonly RestoreWay[] = ['swap', 'rebuild'];
const CASES = [
  'started',
  'started-and-stopped',
  'restored',
  'deleted',
  'made-anew',
  'deleted-late',
  'stopped-late',
  'restored-late',
  'stopped-before',
] as const;

/** A VM whose agent is silent, so that it is repaired offline; one whose copy does not help is taken back as well. */
function patient(name: string): FleetVm {
  const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
  if (/^(stopped|deleted)-late/.test(name)) corruptTermService(spec.osDisk);
  return { ...rest, spec: { ...spec, name } };
}

let theatre: Theatre;
beforeAll(async () => {
  const names = CASES.flatMap((one) => WAYS.map((way) => `${one}-${way}`));
  theatre = await openTheatre(56, { fleet: names.map(patient) });
});
afterAll(() => theatre.close());

interface Scene {
  record: RemediationRecord;
  originalDiskId: string;
  /** Calls of the service that change the VM itself, or switch it, in their order. */
  deeds: string[];
}

/** Repairs a VM while somebody acts. */
async function whileActing(name: string, way: RestoreWay, actors: string): Promise<Scene> {
  const { lab } = theatre.stage;
  const originalDiskId = theatre.osDiskOf(name).id;
  const before = lab.requests().length;
  lab.actors.add(...parseActors(actors.replaceAll('$vm', name)));
  const record = await theatre.remediate(name, requestFor(way));
  await lab.actors.idle();
  expect(lab.actors.pending()).toEqual([]);
  lab.actors.clear();
  const deeds = lab
    .requests()
    .slice(before)
    .filter(({ method, path }) => method !== 'GET' && onVm(path, name))
    .map(({ method, path }) => `${method} ${path.split('/').at(-1)?.toLowerCase() ?? ''}`);
  return { record, originalDiskId, deeds };
}

function onVm(path: string, name: string): boolean {
  return new RegExp(`/virtualMachines/${name}(/(start|deallocate|restart))?$`, 'i').test(path);
}

/** The remediation ends, says what changed, and throws its own things away. */
function expectGivenUp({ record }: Scene, says: RegExp): void {
  expect(record.outcome?.kind).toBe('failed');
  expect(record.outcome?.summary).toMatch(says);
  expect(record.cleanup.leftovers).toEqual([]);
  expect(theatre.leftovers()).toEqual([]);
}

function powerOf(name: string): string | undefined {
  return theatre.stage.lab.store.virtualMachines.find(
    `${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/${name}`,
  )?.power;
}

describeEachOf(WAYS, 2)('a VM that somebody changes while a copy of its disk is repaired (%s)', (way) => {
  it('is left running where it was started', async () => {
    const name = `started-${way}`;
    const scene = await whileActing(
      name,
      way,
      `watchdog: once *deallocate/action@$vm +90s -> start on ${name}`,
    );
    expectGivenUp(scene, /it is running, not deallocated/);
    expect(scene.deeds).toEqual(['POST deallocate']);
    expect(powerOf(name)).toBe('running');
    expect(theatre.osDiskOf(name).id).toBe(scene.originalDiskId);
  });

  it('is left off where it was started and stopped again, and nothing it wrote is lost', async () => {
    const name = `started-and-stopped-${way}`;
    const scene = await whileActing(
      name,
      way,
      `schedule: once *deallocate/action@$vm +60s -> start, deallocate on ${name}`,
    );
    expectGivenUp(scene, /was started, stopped or given another disk/);
    expect(scene.deeds).toEqual(['POST deallocate']);
    expect(powerOf(name)).toBe('deallocated');
    expect(theatre.osDiskOf(name).id).toBe(scene.originalDiskId);
  });

  it('is left on the disk that its owner restored', async () => {
    const name = `restored-${way}`;
    const scene = await whileActing(
      name,
      way,
      `owner: once *deallocate/action@$vm +60s -> restore on ${name}`,
    );
    expectGivenUp(scene, /its OS disk is restored-.*-restored-1/);
    expect(scene.deeds).toEqual(['POST deallocate']);
    expect(theatre.osDiskOf(name).id).toMatch(/-restored-1$/);
    expect(powerOf(name)).toBe('running');
  });

  it('is not made again where its owner deleted it', async () => {
    const name = `deleted-${way}`;
    const scene = await whileActing(
      name,
      way,
      `owner: once *deallocate/action@$vm +90s -> delete on ${name}`,
    );
    expectGivenUp(scene, /no longer exists, and this repair did not delete it/);
    expect(scene.deeds).toEqual(['POST deallocate']);
    expect(powerOf(name)).toBeUndefined();
    expect(theatre.stage.lab.store.disks.find(scene.originalDiskId)).toBeDefined();
  });

  it('is left alone where its owner made another of its name', async () => {
    const name = `made-anew-${way}`;
    const scene = await whileActing(
      name,
      way,
      `owner: once *deallocate/action@$vm +60s -> recreate on ${name}`,
    );
    expectGivenUp(scene, /it is a different VM with the same name/);
    expect(scene.deeds).toEqual(['POST deallocate']);
    expect(powerOf(name)).toBe('running');
  });

  it('is not made again where its owner deleted it after it had got the repaired disk', async () => {
    const name = `deleted-late-${way}`;
    const started = way === 'swap' ? 'once *start/action@$vm' : 'once PUT:*virtualMachines/write@$vm';
    const { record, deeds } = await whileActing(name, way, `owner: ${started} +1s -> delete on ${name}`);
    expect(record.outcome?.kind).toBe('failed');
    expect(powerOf(name)).toBeUndefined();
    expect(deeds.filter((deed) => deed.startsWith('PUT'))).toHaveLength(way === 'swap' ? 0 : 1);
    expect(typedIn(record)).not.toContain('az vm create');
    // The disk that its VM stood on is nobody's to delete; the next VM's leftovers are judged without it.
    const { disks } = theatre.stage.lab.store;
    for (const id of theatre.leftovers()) disks.remove(id);
  });

  it('stays down where its owner stopped it after we had started it', async () => {
    const name = `stopped-late-${way}`;
    const started = way === 'swap' ? 'once *start/action@$vm' : 'once PUT:*virtualMachines/write@$vm';
    const { record, originalDiskId } = await whileActing(
      name,
      way,
      `owner: ${started} +20s -> deallocate on ${name}`,
    );
    expect(record.outcome?.kind).toBe('failed');
    expect(powerOf(name)).toBe('deallocated');
    expect(record.errors.map(({ code }) => code)).toContain('Moved');
    expect(theatre.stage.lab.store.disks.find(originalDiskId)).toBeDefined();
  });

  it('is not taken down where it got another disk before that', async () => {
    const name = `restored-late-${way}`;
    const scene = await whileActing(name, way, `owner: *deallocate/action@$vm -> restore on ${name}`);
    expect(theatre.osDiskOf(name).id).toMatch(/-restored-1$/);
    // It came after the last look: the VM goes down once, and comes up on the owner's disk.
    expectGivenUp(scene, /its OS disk is/);
    expect(powerOf(name)).toBe('running');
  });

  it('is not started where its owner had stopped it before we took it down', async () => {
    const name = `stopped-before-${way}`;
    const scene = await whileActing(name, way, `owner: PUT:*networkInterfaces/write -> stop on ${name}`);
    expectGivenUp(scene, /it is stopped, not running/);
    expect(scene.deeds).toEqual([]);
    expect(powerOf(name)).toBe('stopped');
  });
});
