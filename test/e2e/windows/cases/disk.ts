import { holdHives } from '../../../../lab/fleet/faults/machine.ts';
import { refuseFlush, refuseLetter, refuseOffline } from '../../../../lab/fleet/faults/refusals.ts';
import { disableAgent } from '../../../../lab/fleet/faults/settings.ts';
import { disableTls } from '../../../../lab/fleet/faults/tls.ts';
import {
  addOlderWindows,
  makeDynamic,
  removeBitLocker,
  sealVolume,
} from '../../../../lab/fleet/faults/volumes.ts';
import { expectRepairedOffline, type Group } from '../support/stricter.ts';

/** What only a copy of the disk can mend. */
const OFFLINE = [disableTls, disableAgent];

export const DISK: Group = {
  title: 'the disk on the rescue VM',
  cases: [
    {
      what: 'a copy that does not go offline is not put under the VM as if it had',
      faults: [...OFFLINE, refuseOffline],
      expect: ({ kind, answers }) => {
        expect(kind).not.toBe('repaired-offline');
        expect(answers).toBe(false);
      },
    },
    {
      what: 'a copy whose cache cannot be written down is not put under the VM as if it had been',
      faults: [...OFFLINE, refuseFlush],
      expect: ({ kind }) => {
        expect(kind).not.toBe('repaired-offline');
      },
    },
    {
      what: 'a volume that gets no letter is not told to hold no Windows',
      faults: [...OFFLINE, refuseLetter],
      expect: ({ text }) => {
        expect(text).not.toContain('WindowsNotFound');
      },
    },
    {
      what: 'a volume locked by BitLocker is told to be that, by a rescue VM without BitLocker too',
      faults: [...OFFLINE, sealVolume],
      rescue: [removeBitLocker],
      expect: ({ text }) => {
        expect(text).toMatch(/BitLocker/);
        expect(text).not.toContain('WindowsNotFound');
      },
    },
    {
      what: 'a dynamic disk is told to be one',
      faults: [...OFFLINE, makeDynamic],
      expect: ({ text }) => {
        expect(text).toMatch(/dynamic/i);
      },
    },
    {
      what: 'of two Windows on a disk the one that starts is repaired',
      faults: [...OFFLINE, addOlderWindows],
      expect: expectRepairedOffline,
    },
    {
      what: 'a virus scanner that holds the hives for twenty seconds is waited for',
      faults: OFFLINE,
      rescue: [holdHives(20)],
      expect: expectRepairedOffline,
    },
    {
      what: 'a disk with nothing of this is repaired as ever',
      faults: OFFLINE,
      expect: expectRepairedOffline,
    },
  ],
};
