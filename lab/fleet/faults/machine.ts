import { setInSystem } from '../disk/edit.ts';
import { quirksOf } from '../disk/quirks.ts';
import { dword } from '../disk/registry-values.ts';
import type { Fault } from './fault.ts';

/** WMI's repository is damaged: nobody who asks it gets an answer. */
export const breakWmi: Fault = (disk) => {
  quirksOf(disk).wmiBroken = true;
};

export function removeProgram(name: string): Fault {
  return (disk) => {
    const quirks = quirksOf(disk);
    quirks.missingPrograms = [...(quirks.missingPrograms ?? []), name];
  };
}

/** A virus scanner reads through every hive that is loaded, and holds it so long. */
export function holdHives(seconds: number): Fault {
  return (disk) => {
    quirksOf(disk).hiveHeldSeconds = seconds;
  };
}

export const fillDisk: Fault = (disk) => {
  quirksOf(disk).diskFull = true;
};

/** The role Remote Desktop Session Host, whose grace period has ended without a license server. */
export const endLicensing: Fault = (disk) => {
  setInSystem(disk, 'Control\\Terminal Server\\RCM\\GracePeriod', 'LabDaysLeft', dword(0));
};

/** Seconds by which the guest's clock is ahead; behind when negative. */
export function setClockOff(seconds: number): Fault {
  return (disk) => {
    setInSystem(disk, 'Services\\W32Time\\Parameters', 'LabClockSkewSeconds', dword(seconds));
  };
}
