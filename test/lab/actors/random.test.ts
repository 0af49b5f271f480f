import fc from 'fast-check';
import { randomActors } from '../../../lab/actors/random.ts';
import { sameId } from '../../../lab/arm/store/resource-id.ts';
import type { Lab } from '../../../lab/arm/start-lab.ts';
import { actorsArbitrary } from './support/arbitrary.ts';
import { GROUP, startBench, windowsVm, type Bench } from '../arm/support/lab.ts';

describe('a seeded script', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(randomActors(7, { vm: 'vm1' })).toEqual(randomActors(7, { vm: 'vm1' }));
    expect(randomActors(7, { vm: 'vm1' })).not.toEqual(randomActors(8, { vm: 'vm1' }));
  });

  it('has as many actors as asked for, who do only what is allowed', () => {
    const actors = randomActors(1, { vm: 'vm1', count: 20, deeds: ['start', 'stop'] });
    expect(actors).toHaveLength(20);
    expect(new Set(actors.flatMap(({ deeds }) => deeds.map(({ verb }) => verb)))).toEqual(
      new Set(['start', 'stop']),
    );
  });
});

/** What must hold in any Azure, whoever did what in which order. */
function contradictions({ store }: Lab): string[] {
  const vms = store.virtualMachines.within('/');
  const said: string[] = [];
  for (const vm of vms) {
    const { osDisk, dataDisks = [] } = vm.properties.storageProfile ?? {};
    for (const id of [osDisk, ...dataDisks].flatMap((entry) => entry?.managedDisk?.id ?? [])) {
      const disk = store.disks.find(id);
      if (!disk) said.push(`${vm.name} stands on ${id}, which is not there`);
      else if (!sameId(disk.managedBy, vm.id)) said.push(`${disk.name} does not know that ${vm.name} has it`);
    }
    if (vm.provisioningState === 'Updating') said.push(`${vm.name} is updating for ever`);
    if (!['running', 'stopped', 'deallocated'].includes(vm.power))
      said.push(`${vm.name} is ${vm.power} for ever`);
  }
  for (const disk of store.disks.within('/')) {
    if (disk.managedBy === undefined) continue;
    const vm = vms.find(({ id }) => sameId(id, disk.managedBy));
    const { osDisk, dataDisks = [] } = vm?.properties.storageProfile ?? {};
    if (![osDisk, ...dataDisks].some((entry) => sameId(entry?.managedDisk?.id, disk.id)))
      said.push(`${disk.name} says ${disk.managedBy} has it, who does not`);
  }
  return said;
}

/** Some of what a repair does, whatever becomes of it. */
async function goAbout(bench: Bench): Promise<void> {
  const { virtualMachines, disks } = bench.compute;
  const sourceResourceId = bench.lab.disk('vm1-osdisk').id;
  const id = sourceResourceId.replace('vm1-osdisk', 'copy');
  const deeds = [
    () => virtualMachines.get(GROUP, 'vm1'),
    () => bench.finish(virtualMachines.restart(GROUP, 'vm1')),
    () => bench.finish(virtualMachines.deallocate(GROUP, 'vm1')),
    () =>
      bench.finish(
        disks.createOrUpdate(GROUP, 'copy', {
          location: 'westeurope',
          creationData: { createOption: 'Copy', sourceResourceId },
        }),
      ),
    () =>
      bench.finish(
        virtualMachines.update(GROUP, 'vm1', {
          storageProfile: {
            osDisk: { createOption: 'FromImage', name: 'copy', managedDisk: { id } },
          },
        }),
      ),
    () => bench.finish(virtualMachines.start(GROUP, 'vm1')),
    () => bench.finish(disks.delete(GROUP, 'vm1-osdisk')),
  ];
  for (const deed of deeds) await deed().catch(() => undefined);
}

describe('whatever anybody does', () => {
  it('leaves an Azure without contradictions, and meets no defect of the lab', async () => {
    await fc.assert(
      fc.asyncProperty(actorsArbitrary({ vm: 'vm1', most: 8, withinSeconds: 300 }), async (actors) => {
        const bench = await startBench();
        try {
          await bench.lab.addVm(windowsVm('vm1'));
          bench.lab.actors.add(...actors);
          await goAbout(bench);
          await bench.clock.idle();
          expect(contradictions(bench.lab)).toEqual([]);
          const codes = [...bench.lab.requests(), ...bench.lab.activity()].map(({ errorCode }) => errorCode);
          expect(codes).not.toContain('LabDefect');
          expect(codes).not.toContain('InternalExecutionError');
          const defects = bench.lab.actors.history().filter(({ error }) => error?.code === 'LabActor');
          // What a repair made is not there yet, or the first disk is there no more.
          expect(defects.filter(({ deed }) => !/^(delete role:|swap )/.test(deed))).toEqual([]);
        } finally {
          await bench.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});
