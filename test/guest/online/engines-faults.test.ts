import { setInSystem } from '../../../lab/fleet/disk/edit.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { CAUSES, needGateway, superviseGateway } from './support/causes.ts';
import { expectAlike } from './support/engines.ts';
import { itFailsWithPwsh, itWithPwsh } from './support/pwsh.ts';
import { brokenDisk } from './support/vm.ts';

/** What diagnosis tells beside faults. */
const WARNINGS: (readonly [key: string, name: string, value: number])[] = [
  ['Control\\SecurityProviders\\SCHANNEL\\Ciphers\\AES 128/128', 'Enabled', 0],
  ['Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client', 'Enabled', 0],
  ['Control\\Lsa\\FIPSAlgorithmPolicy', 'Enabled', 1],
  ['Control\\Terminal Server', 'TSServerDrainMode', 1],
  ['Control\\Terminal Server\\WinStations\\RDP-Tcp', 'UserAuthentication', 0],
  ['Control\\Terminal Server\\WinStations\\RDP-Tcp', 'LanAdapter', 2],
  ['Services\\UmRdpService', 'Start', 4],
  ['Services\\MpsSvc', 'Start', 4],
  ['Services\\W32Time\\Parameters', 'LabClockSkewSeconds', 3600],
  ['Control\\Cryptography\\Configuration\\Local\\SSL\\00010002', 'Functions', 0],
];

const addWarnings = (disk: GuestDisk): void => {
  for (const [key, name, value] of WARNINGS) setInSystem(disk, key, name, { type: 'REG_DWORD', value });
};

/** `| Write-Information`, and a DWORD that reads back unsigned: red until the scripts mend it. */
const RED = ['TermService under a lost account, and SessionEnv disabled', 'the listener gone'];

describe('PowerShell and its model, on faults the fleet does not show', () => {
  for (const { fault, vm, script, faults } of CAUSES.filter((given) => given.faults !== undefined)) {
    const test = RED.includes(fault) ? itFailsWithPwsh : itWithPwsh;
    test(`repair ${fault} alike, and leave the same disk`, async () => {
      await expectAlike(vm, [`online/${script}`], brokenDisk(vm, faults));
    });
  }

  itWithPwsh('give back alike what came back', async () => {
    await expectAlike(
      'rdp-port',
      ['online/rdp-port'],
      brokenDisk('rdp-port', [superviseGateway, needGateway]),
    );
  });

  itWithPwsh('tell the same warnings', async () => {
    await expectAlike('healthy', ['online/diagnose'], brokenDisk('healthy', [addWarnings]));
  });
});
