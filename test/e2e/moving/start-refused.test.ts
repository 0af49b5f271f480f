import { parseActors } from '../../../lab/actors/parse.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { describeInRows } from '../../support/rows.ts';

const now = Date.now();

let theatre: Theatre;
beforeAll(async () => {
  const fleet = ['hours', 'preempted', 'failing', 'left-off', 'opted-out'].map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(57, { fleet });
});
afterAll(() => theatre.close());

describeInRows('A start that Azure refuses', () => {
  it.each([
    { name: 'hours', effect: '409(SkuNotAvailable)' },
    { name: 'failing', effect: 'fail(ZonalAllocationFailed)' },
  ])(
    'a VM whose start comes to $effect for hours comes up in the end, and people are told that it is down',
    async ({ name, effect }) => {
      const { lab } = theatre.stage;
      const originalDiskId = theatre.osDiskOf(name).id;
      lab.faults.add(...parseFaults(`1+20 *start/action@${name}=${effect}`));
      const record = await theatre.remediate(name);
      expect(lab.faults.pending()).toEqual([]);
      expect(lab.vm(name).power).toBe('running');
      expect(theatre.osDiskOf(name).id).toBe(originalDiskId);
      expect(record.undo.map(({ done }) => done)).toEqual([true, true]);
      expect(record.warnings.join('\n')).toMatch(/was down unintentionally from .* to /);
      expect(record.downSince).toBeUndefined();
      expect(theatre.leftovers()).toEqual([]);
    },
  );

  it('a VM that somebody stops while we start it stays down', async () => {
    const { lab } = theatre.stage;
    lab.actors.add(...parseActors('owner: after *start/action@preempted +2s -> deallocate on preempted'));
    const record = await theatre.remediate('preempted');
    await lab.actors.idle();
    expect(lab.actors.pending()).toEqual([]);
    expect(record.errors.map(({ code }) => code)).toContain('Moved');
    expect(lab.vm('preempted').power).toBe('deallocated');
    const starts = lab.requests().filter(({ path }) => path.endsWith('/preempted/start'));
    expect(starts).toHaveLength(1);
  });

  it.each([
    { name: 'left-off', deed: 'deallocate', says: /is left stopped: .* stopped it at/ },
    { name: 'opted-out', deed: 'tag rdp-medic=disabled', says: /is left stopped: it was opted out/ },
  ])(
    'a VM that cannot be started stays down once its owner wants it so: $deed',
    async ({ name, deed, says }) => {
      const { lab } = theatre.stage;
      lab.faults.add(...parseFaults(`1+8 *start/action@${name}=409(SkuNotAvailable)`));
      lab.actors.add(...parseActors(`owner: 6 *start/action@${name} -> ${deed} on ${name}`));
      const record = await theatre.remediate(name);
      await lab.actors.idle();
      expect(lab.actors.pending()).toEqual([]);
      lab.faults.clear();
      expect(record.errors.map(({ message }) => message).join('\n')).toMatch(says);
      expect(lab.vm(name).power).toBe('deallocated');
      expect(record.downSince).toBeDefined();
      expect(theatre.leftovers()).toEqual([]);
    },
  );
});
