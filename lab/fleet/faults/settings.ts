import type { GuestDisk } from '../../windows/disk.ts';
import { changeRule, FIREWALL_RULES } from '../../windows/firewall.ts';
import { hiveText } from '../../windows/hive.ts';
import { RDP_TCP, TERMINAL_SERVER } from '../../windows/rdp/settings.ts';
import { currentControlSet, setInSystem, systemHiveOf } from '../disk/edit.ts';
import { dword, text } from '../disk/registry-values.ts';

const DISABLED = dword(4);

/** Remote connections switched off. */
export function denyConnections(disk: GuestDisk): void {
  setInSystem(disk, TERMINAL_SERVER, 'fDenyTSConnections', dword(1));
}

export function disableTermService(disk: GuestDisk): void {
  setInSystem(disk, 'Services\\TermService', 'Start', DISABLED);
}

export function disableListener(disk: GuestDisk): void {
  setInSystem(disk, RDP_TCP, 'fEnableWinStation', dword(0));
}

/** Only the oldest security layer, without network level authentication: clients of today refuse it. */
export function weakenSecurityLayer(disk: GuestDisk): void {
  setInSystem(disk, RDP_TCP, 'SecurityLayer', dword(0));
  setInSystem(disk, RDP_TCP, 'UserAuthentication', dword(0));
}

/** Windows' own firewall lets RDP in no more. */
export function closeFirewall(disk: GuestDisk): void {
  for (const rule of ['RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP']) {
    const raw = hiveText(systemHiveOf(disk), `${currentControlSet(disk)}\\${FIREWALL_RULES}`, rule) ?? '';
    setInSystem(disk, FIREWALL_RULES, rule, text(changeRule(raw, { active: false })));
  }
}

/** The VM agent does not start: Azure reports it as not ready, and no script reaches the VM. */
export function disableAgent(disk: GuestDisk): void {
  setInSystem(disk, 'Services\\WindowsAzureGuestAgent', 'Start', DISABLED);
}
