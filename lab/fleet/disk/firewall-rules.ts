import type { RegistryValue } from '../../windows/disk.ts';
import { text } from './registry-values.ts';

const REMOTE_DESKTOP = '@FirewallAPI.dll,-28752';
const FILE_SHARING = '@FirewallAPI.dll,-28502';
const REMOTE_MANAGEMENT = '@FirewallAPI.dll,-30267';

function allow(version: string, fields: readonly string[]): RegistryValue {
  return text([version, 'Action=Allow', 'Active=TRUE', 'Dir=In', ...fields, ''].join('|'));
}

/** Inbound rules of a Windows Server in Azure; the version of the format rises with Windows. */
export function firewallRuleValues(build: number): Record<string, RegistryValue> {
  const version = build >= 26_100 ? 'v2.33' : build >= 20_348 ? 'v2.31' : 'v2.29';
  const svchost = 'App=%SystemRoot%\\system32\\svchost.exe';
  const rdp = (protocol: number): string[] => [
    `Protocol=${String(protocol)}`,
    'LPort=3389',
    svchost,
    'Svc=termservice',
  ];
  return {
    'RemoteDesktop-UserMode-In-TCP': allow(version, [
      ...rdp(6),
      'Name=@FirewallAPI.dll,-28775',
      'Desc=@FirewallAPI.dll,-28756',
      `EmbedCtxt=${REMOTE_DESKTOP}`,
    ]),
    'RemoteDesktop-UserMode-In-UDP': allow(version, [
      ...rdp(17),
      'Name=@FirewallAPI.dll,-28776',
      'Desc=@FirewallAPI.dll,-28777',
      `EmbedCtxt=${REMOTE_DESKTOP}`,
    ]),
    // It follows sessions, so it names a program and no port.
    'RemoteDesktop-Shadow-In-TCP': allow(version, [
      'Protocol=6',
      'App=%SystemRoot%\\system32\\RdpSa.exe',
      'Name=@FirewallAPI.dll,-28778',
      'Edge=TRUE',
      'Defer=App',
      `EmbedCtxt=${REMOTE_DESKTOP}`,
    ]),
    'FPS-SMB-In-TCP': allow(version, [
      'Protocol=6',
      'LPort=445',
      'App=System',
      'Name=@FirewallAPI.dll,-28511',
      `EmbedCtxt=${FILE_SHARING}`,
    ]),
    'WINRM-HTTP-In-TCP': allow(version, [
      'Protocol=6',
      'LPort=5985',
      'App=System',
      'Name=@FirewallAPI.dll,-30253',
      `EmbedCtxt=${REMOTE_MANAGEMENT}`,
    ]),
  };
}
