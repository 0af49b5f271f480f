import type { Hive } from '../../windows/disk.ts';
import { FIREWALL_POLICY, FIREWALL_RULES } from '../../windows/firewall.ts';
import { RDP_TCP, TERMINAL_SERVER } from '../../windows/rdp/settings.ts';
import { firewallRuleValues } from './firewall-rules.ts';
import type { DiskOptions } from './options.ts';
import { dword, expandable, list, text } from './registry-values.ts';
import { writeServices } from './services.ts';

/** The SYSTEM hive of a healthy Windows: the last control set named is the current one. */
export function systemHive(options: DiskOptions): Hive {
  const sets = options.controlSets ?? [1];
  const current = sets.at(-1) ?? 1;
  const hive: Hive = {
    Select: {
      Current: dword(current),
      Default: dword(current),
      Failed: dword(0),
      LastKnownGood: dword(sets.at(-2) ?? current),
    },
  };
  for (const number of sets) writeControlSet(hive, `ControlSet${String(number).padStart(3, '0')}`, options);
  return hive;
}

function writeControlSet(hive: Hive, set: string, options: DiskOptions): void {
  const { computerName, release, language, domain = '' } = options;
  hive[`${set}\\Control\\ComputerName\\ComputerName`] = { ComputerName: text(computerName) };
  hive[`${set}\\Control\\ComputerName\\ActiveComputerName`] = { ComputerName: text(computerName) };
  hive[`${set}\\Control\\Nls\\Language`] = {
    Default: text(language === 'de-DE' ? '0407' : '0409'),
    InstallLanguage: text(language === 'de-DE' ? '0407' : '0409'),
  };
  hive[`${set}\\Control\\CrashControl`] = {
    CrashDumpEnabled: dword(7),
    DumpFile: expandable('%SystemRoot%\\MEMORY.DMP'),
    AutoReboot: dword(1),
  };
  hive[`${set}\\Control\\Lsa`] = { 'Security Packages': list('""') };
  hive[`${set}\\Control\\Lsa\\FIPSAlgorithmPolicy`] = { Enabled: dword(0) };
  hive[`${set}\\Control\\SecurityProviders\\SCHANNEL`] = { EventLogging: dword(1) };
  hive[`${set}\\Control\\SecurityProviders\\SCHANNEL\\Protocols`] = {};
  writeRemoteDesktop(hive, set);
  writeServices(hive, set, language);
  hive[`${set}\\Services\\Tcpip`] = { Start: dword(0), Type: dword(1) };
  hive[`${set}\\Services\\Tcpip\\Parameters`] = { Hostname: text(computerName), Domain: text(domain) };
  hive[`${set}\\Services\\partmgr`] = { Start: dword(0), Type: dword(1) };
  hive[`${set}\\Services\\partmgr\\Parameters`] = { SanPolicy: dword(release.sanPolicy) };
  hive[`${set}\\${FIREWALL_POLICY}\\PublicProfile`] = { EnableFirewall: dword(1) };
  hive[`${set}\\${FIREWALL_RULES}`] = firewallRuleValues(release.build);
}

function writeRemoteDesktop(hive: Hive, set: string): void {
  hive[`${set}\\${TERMINAL_SERVER}`] = {
    fDenyTSConnections: dword(0),
    TSEnabled: dword(1),
    TSUserEnabled: dword(0),
    TSServerDrainMode: dword(0),
    fSingleSessionPerUser: dword(1),
  };
  hive[`${set}\\${TERMINAL_SERVER}\\WinStations`] = { SelfSignedCertStore: text('Remote Desktop') };
  hive[`${set}\\${RDP_TCP}`] = {
    PortNumber: dword(3389),
    fEnableWinStation: dword(1),
    fLogonDisabled: dword(0),
    LanAdapter: dword(0),
    SecurityLayer: dword(2),
    UserAuthentication: dword(1),
    MinEncryptionLevel: dword(3),
    fAllowSecProtocolNegotiation: dword(1),
  };
}
