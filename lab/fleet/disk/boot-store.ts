import { deviceOf } from '../../windows/boot/loader.ts';
import type { BcdStore, GuestDisk, GuestPartition } from '../../windows/disk.ts';
import { stableGuid } from './stable-id.ts';

/** The boot configuration of a disk: boot manager, one loader, and the serial console off, as older images have it. */
export function bootStore(disk: GuestDisk, system: GuestPartition, windows: GuestPartition): BcdStore {
  const isGpt = disk.style === 'GPT';
  const loader = `{${stableGuid('loader', disk.identity)}}`;
  return {
    objects: {
      '{bootmgr}': {
        device: deviceOf(disk, system),
        path: isGpt ? '\\EFI\\Microsoft\\Boot\\bootmgfw.efi' : '\\bootmgr',
        description: 'Windows Boot Manager',
        locale: 'en-US',
        default: loader,
        displayorder: loader,
        timeout: '30',
      },
      [loader]: {
        device: deviceOf(disk, windows),
        path: isGpt ? '\\Windows\\system32\\winload.efi' : '\\Windows\\system32\\winload.exe',
        description: 'Windows Server',
        locale: 'en-US',
        osdevice: deviceOf(disk, windows),
        systemroot: '\\Windows',
        nx: 'OptOut',
      },
      '{emssettings}': { bootems: 'No' },
    },
  };
}
