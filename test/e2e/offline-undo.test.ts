import { parseActors } from '../../lab/actors/parse.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { corruptTermService } from '../../lab/fleet/faults/beyond-repair.ts';
import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import type { RestoreWay } from '../../shared/model/request.ts';
import { eachOf } from '../support/rows.ts';
import { expectNothingLeft, expectSameVm, requestFor } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();

describe('a VM whose repaired disk does not help', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    const named = (name: string, like: string): FleetVm => {
      const vm = fleetVm(like, { now });
      corruptTermService(vm.spec.osDisk);
      return { ...vm, spec: { ...vm.spec, name } };
    };
    theatre = await openTheatre(6, {
      fleet: [
        ...(['swap', 'rebuild'] as const).map((way) => named(`beyond-${way}`, 'tls-agent-not-ready')),
        named('restored', 'tls-agent-not-ready'),
        named('up-but-silent', 'tls'),
        fleetVm('peer', { now }),
      ],
    });
  });
  afterAll(() => theatre.close());

  eachOf<RestoreWay>(['swap', 'rebuild'], 2)(
    'gets its original disk back by %s, and runs as it was found',
    async (way) => {
      const name = `beyond-${way}`;
      const { lab } = theatre.stage;
      const before = structuredClone(lab.vm(name));
      const original = theatre.osDiskOf(name);
      const content = structuredClone(original.content);

      const record = await theatre.remediate(name, requestFor(way));

      expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
      expect(record.steps.map(({ id }) => id)).toContain('restore');
      expect(record.undo.map(({ done }) => done)).toEqual([true, true]);
      expect(theatre.osDiskOf(name).id).toBe(original.id);
      expect(theatre.osDiskOf(name).content).toEqual(content);
      expect(lab.vm(name).power).toBe('running');
      expectSameVm(theatre, name, before, way);
      expectNothingLeft(theatre, record);
    },
  );

  it('is not told to be as it was found where its owner gave it another disk meanwhile', async () => {
    const { lab } = theatre.stage;
    const original = theatre.osDiskOf('restored').id;
    lab.actors.add(...parseActors('owner: once *start/action@restored +20s -> restore on restored'));

    const record = await theatre.remediate('restored');
    await lab.actors.idle();

    expect(lab.actors.pending()).toEqual([]);
    expect(record.outcome?.kind).toBe('failed');
    expect(record.undo).toContainEqual(expect.objectContaining({ kind: 'restore-os-disk', done: false }));
    expect(theatre.osDiskOf('restored').id).toMatch(/-restored-1$/);
    expect(lab.disk(original).managedBy).toBeUndefined();
    expect(record.cleanup.leftovers).toEqual([]);
    // Nobody knows what the owner needs: the copy stays, until it expires.
    expect(theatre.leftovers()).toEqual([expect.stringMatching(/-repair-disk$/)]);
  });

  it('is not told to be repaired where Windows comes up on it, and only its agent answers', async () => {
    const { lab } = theatre.stage;
    const original = theatre.osDiskOf('up-but-silent').id;
    // The agent falls silent once, at the diagnosis: the repair goes offline.
    lab.faults.add(...parseFaults('PUT:*runCommands/write=fail(VMAgentStatusCommunicationError)'));

    const record = await theatre.remediate('up-but-silent');

    expect(lab.faults.pending()).toEqual([]);
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.outcome?.summary).toContain('keeps that disk');
    expect(record.originalDisk?.id).toBe(original);
    expect(lab.guest('up-but-silent')?.agent).toBe('Ready');
    expect((await theatre.rdpOf('up-but-silent')).state).not.toBe('healthy');
    expectNothingLeft(theatre, record);
  });
});
