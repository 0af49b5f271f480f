import { behind } from '../../../lab/clock/behind.ts';
import type { Lab } from '../../../lab/arm/start-lab.ts';
import type { Disk } from '../../../lab/arm/store/resources.ts';
import { counterOn } from '../../../lab/windows/writer.ts';
import type { ClockTimer } from '../../../shared/clock.ts';
import type { Measured } from './measured.ts';

/** A VM looked at each second of lab time, by the lab's owner, whoever repairs it. */
export interface Watch {
  end(): Pick<Measured, 'down' | 'lost'>;
}

/** @param name of a VM in the fleet's group, on which a program writes (`lab/windows/writer.ts`) */
export function watchVm(lab: Lab, name: string): Watch {
  const clock = behind(lab.clock);
  const original = osDiskOf(lab, name);
  let down = 0;
  let lost = 0;
  let last = original;
  let timer: ClockTimer;

  const look = (): void => {
    if (lab.guest(name)?.state !== 'running') down += 1;
    const current = osDiskOf(lab, name);
    // No Windows runs on it yet: what it lacks of the original's writes is what is lost.
    if (current !== last) lost = current === original ? 0 : writtenOn(original) - writtenOn(current);
    last = current;
  };
  const next = (): void => {
    timer = clock.setTimer(clock.now() + 1000, () => {
      look();
      next();
    });
  };
  next();
  return {
    end() {
      timer.cancel();
      return { down, lost };
    },
  };
}

function osDiskOf(lab: Lab, name: string): Disk {
  return lab.disk(lab.vm(name).properties.storageProfile?.osDisk?.managedDisk?.id ?? '');
}

function writtenOn({ content }: Disk): number {
  return counterOn(content) ?? 0;
}
