import type { Hive } from '../../windows/disk.ts';
import type { DiskOptions } from './options.ts';
import { dword, expandable, list, text } from './registry-values.ts';

/** The SOFTWARE hive of a healthy Windows that has not run yet: SessionEnv will put its certificate there. */
export function softwareHive({ release }: DiskOptions, machineGuid: string): Hive {
  return {
    'Microsoft\\Cryptography': { MachineGuid: text(machineGuid) },
    'Microsoft\\GuestAgent': { GuestAgentVersion: text('2.7.41491.1121') },
    'Microsoft\\SystemCertificates\\My\\Certificates': {},
    'Microsoft\\SystemCertificates\\Remote Desktop\\Certificates': {},
    'Microsoft\\Windows NT\\CurrentVersion': {
      ProductName: text(release.productName),
      EditionID: text(release.editionId),
      InstallationType: text('Server'),
      CurrentBuildNumber: text(String(release.build)),
      // Before Windows 10 the version was a text alone.
      ...(release.build < 10_240
        ? { CurrentVersion: text('6.3') }
        : { CurrentMajorVersionNumber: dword(10), CurrentMinorVersionNumber: dword(0) }),
    },
    'Microsoft\\Windows NT\\CurrentVersion\\ProfileList': {
      ProgramData: expandable('%SystemDrive%\\ProgramData'),
    },
    'Microsoft\\Windows\\CurrentVersion\\Policies\\System': { EnableLUA: dword(1) },
    'Policies\\Microsoft': {},
  };
}

/** The local accounts, as far as anybody here asks for them. */
export function samHive(administrators: readonly string[]): Hive {
  return {
    'SAM\\Domains\\Account\\Users\\Names\\azureadmin': {},
    'SAM\\Domains\\Builtin\\Aliases\\Administrators': { Members: list('azureadmin', ...administrators) },
  };
}
