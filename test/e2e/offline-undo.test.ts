import { corruptTermService } from '../../lab/fleet/faults/beyond-repair.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import type { RestoreWay } from '../../shared/model/request.ts';
import { expectNothingLeft, expectSameVm, requestFor } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();

describe('a VM whose repaired disk does not help', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    const vms = (['swap', 'rebuild'] as const).map((way) => {
      const vm = fleetVm('tls-agent-not-ready', { now });
      corruptTermService(vm.spec.osDisk);
      return { ...vm, spec: { ...vm.spec, name: `beyond-${way}` } };
    });
    theatre = await openTheatre(6, { fleet: [...vms, fleetVm('peer', { now })] });
  });
  afterAll(() => theatre.close());

  it.each<RestoreWay>(['swap', 'rebuild'])(
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
      expectSameVm(theatre, name, before);
      expectNothingLeft(theatre, record);
    },
  );
});
