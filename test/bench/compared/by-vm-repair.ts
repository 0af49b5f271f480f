import type { Lab } from '../../../lab/arm/start-lab.ts';
import { windowsVm } from '../../../lab/fleet/windows-vm.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { fileAt, partitionWith } from '../../../lab/windows/volume.ts';
import { counterOn, giveWriter } from '../../../lab/windows/writer.ts';
import { askRdp } from '../../../local/demo/fleet-view.ts';
import { watchVm } from './watch.ts';
import type { Measured } from './measured.ts';
import { createOperator, type Operator } from './operator.ts';
import { repairCommands } from './vm-repair.ts';

/** How long RDP is waited for before the repair has not helped. */
const PATIENCE_SECONDS = 300;
/** Until the repair group is gone, which nobody waits for. */
const CLEAN_UP_SECONDS = 180;

/** Beside the figures: how long each of the three commands took. */
export type ByVmRepair = Measured & { phases: number[] };

/** Repairs a VM of a lab with `az vm repair`, by a script that mends whatever is wrong with its disk. */
export async function measureVmRepair(lab: Lab, name: string): Promise<ByVmRepair> {
  const operator = createOperator(lab);
  try {
    return await measure(lab, name, operator);
  } finally {
    operator.leave();
  }
}

async function measure(lab: Lab, name: string, operator: Operator): Promise<ByVmRepair> {
  const { clock } = lab;
  const before = new Set(lab.resources().map(({ id }) => id.toLowerCase()));
  const vm = lab.vm(name);
  const original = lab.disk(vm.properties.storageProfile?.osDisk?.managedDisk?.id ?? '');
  const asked = clock.now();
  const watch = watchVm(lab, name);
  const az = repairCommands(lab, operator, name);
  const copy = lab.disk(await az.create());
  const created = clock.now();
  await az.run();
  const run = clock.now();
  mend(copy.content, name, vm.generation, clock.now());
  await az.restore();
  const { calls } = operator;
  const restored = clock.now();

  const answers = await untilRdp(lab, name, operator);
  await operator.rest(CLEAN_UP_SECONDS);

  // The disk that the VM runs on is the copy now; what it ran on is what is left.
  const left = lab
    .resources()
    .filter(({ id }) => !before.has(id.toLowerCase()) && id !== copy.id)
    .concat(lab.resources().filter(({ id }) => id === original.id));
  return {
    untilRdp: answers === undefined ? undefined : (answers - asked) / 1000,
    ...watch.end(),
    calls,
    kept: 0,
    left: left.length,
    phases: [asked, created, run, restored].flatMap((at, index, all) =>
      index === 0 ? [] : (at - (all[index - 1] ?? at)) / 1000,
    ),
  };
}

/** What a script does that knows what is wrong: the disk is as that of a healthy machine of the same name, but for what was written on it. */
function mend(disk: GuestDisk, name: string, generation: 'V1' | 'V2', now: number): void {
  const written = String(counterOn(disk) ?? 0);
  const { osDisk: healthy } = windowsVm({ name, generation, now });
  giveWriter(healthy);
  const COUNTER = '\\Data\\counter.txt';
  const volume = partitionWith(healthy.partitions, COUNTER);
  const file = volume && fileAt(volume, COUNTER);
  if (file) file.text = written;
  disk.partitions = healthy.partitions;
}

async function untilRdp(lab: Lab, name: string, operator: Operator): Promise<number | undefined> {
  const giveUpAt = lab.clock.now() + PATIENCE_SECONDS * 1000;
  while (lab.clock.now() < giveUpAt) {
    if ((await askRdp(lab, name)).state === 'healthy') return lab.clock.now();
    await operator.rest(1);
  }
  return undefined;
}
