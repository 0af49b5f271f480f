import type { Session } from '../session.ts';
import {
  FIREWALL_POLICY_RULES,
  FIREWALL_RULES,
  LISTENER_PROTOCOL,
  NETWORK_SERVICE_ACCOUNT,
  RDP_TCP,
  TERMINAL_SERVER,
  TS_POLICY,
} from './keys.ts';
import { policySource } from './policy.ts';
import { rdpPort } from './port.ts';

export function findDenyFault(session: Session): void {
  const switches = [
    { name: 'fDenyTSConnections', refuses: 1, severity: 'fault' },
    { name: 'TSEnabled', refuses: 0, severity: 'fault' },
    { name: 'TSServerDrainMode', refuses: 1, severity: 'warning' },
    { name: 'TSUserEnabled', refuses: 1, severity: 'warning' },
  ] as const;
  for (const { name, refuses, severity } of switches) {
    if (session.read(TERMINAL_SERVER, name) !== refuses) continue;
    session.find('ConnectionsDenied', 'Windows refuses Remote Desktop connections', {
      cause: 'rdp-denied',
      severity,
      data: { value: name },
    });
  }
  if (session.read(TS_POLICY, 'fDenyTSConnections') === 1) {
    session.find(
      'ConnectionsDeniedByPolicy',
      'a policy refuses Remote Desktop connections; it must be changed there',
      { cause: 'rdp-denied', data: { gpo: policySource(session.machine, TS_POLICY, 'fDenyTSConnections') } },
    );
  }
}

export function findServiceFault(session: Session): void {
  const { services } = session.machine;
  const service = services.get('TermService');
  if (!service) {
    session.find('TermServiceMissing', 'the Remote Desktop service is not installed', {
      cause: 'term-service',
    });
    return;
  }
  if (service.account !== '' && !NETWORK_SERVICE_ACCOUNT.test(service.account)) {
    session.find('TermServiceAccountChanged', 'the Remote Desktop service runs under another account', {
      cause: 'term-service',
      data: { account: service.account },
    });
  }
  if (service.startType === 'Disabled') {
    session.find('TermServiceDisabled', 'the Remote Desktop service is disabled', { cause: 'term-service' });
  } else if (service.state !== 'Running') {
    session.find('TermServiceStopped', 'the Remote Desktop service does not run', { cause: 'term-service' });
  }
  for (const name of ['SessionEnv', 'UmRdpService']) {
    if (services.get(name)?.startType !== 'Disabled') continue;
    session.find('RdpServiceDisabled', 'a service that Remote Desktop uses is disabled', {
      cause: 'term-service',
      severity: name === 'SessionEnv' ? 'fault' : 'warning',
      data: { service: name },
    });
  }
}

/** Ports of a rule as `Get-NetFirewallPortFilter` shows them. */
export function rulePorts(localPorts: readonly string[]): string[] {
  return localPorts.length === 0 ? ['Any'] : [...localPorts];
}

export function findFirewallFault(session: Session): void {
  const { firewall, services } = session.machine;
  if (services.get('MpsSvc')?.state === 'Stopped') {
    session.find(
      'FirewallServiceStopped',
      'the Windows Firewall service does not run: its rules are unknown',
      { severity: 'warning' },
    );
    return;
  }
  const port = rdpPort(session);
  for (const name of FIREWALL_RULES) {
    const severity = name.endsWith('-TCP') ? 'fault' : 'warning';
    const find = (code: string, detail: string, data = {}): void => {
      session.find(code, detail, { cause: 'rdp-firewall', severity, data: { rule: name, ...data } });
    };
    const rule = firewall
      .rules()
      .find((candidate) => candidate.name === name && candidate.source === 'local');
    if (!rule) {
      find('FirewallRuleMissing', 'the firewall rule for RDP is gone');
      continue;
    }
    if (!rule.active) find('FirewallRuleDisabled', 'the firewall rule for RDP is off');
    if (rule.action !== 'Allow') find('FirewallRuleBlocks', 'the firewall rule for RDP blocks');
    const ports = rulePorts(rule.localPorts);
    if (!ports.includes(String(port)) && !ports.includes('Any')) {
      find('FirewallRuleWrongPort', 'the firewall rule lets another port in', {
        port: ports.join(','),
        expected: port,
      });
    }
    const policy = session.read(FIREWALL_POLICY_RULES, name);
    if (/\|Action=Block\|/i.test(String(policy ?? ''))) {
      find(
        'FirewallRuleBlockedByPolicy',
        'a policy rule of the same name blocks RDP; it must be changed there',
      );
    }
  }
}

export function findListenerFault(session: Session): void {
  const cause = 'rdp-listener';
  if (!session.machine.registry.exists(RDP_TCP)) {
    session.find('ListenerMissing', 'the settings of the RDP listener are gone', { cause });
    return;
  }
  if (session.read(RDP_TCP, 'fEnableWinStation') === 0) {
    session.find('ListenerDisabled', 'the RDP listener is off', {
      cause,
      data: { value: 'fEnableWinStation' },
    });
  }
  if (session.read(RDP_TCP, 'fLogonDisabled') === 1) {
    session.find('ListenerDisabled', 'the RDP listener refuses logons', {
      cause,
      data: { value: 'fLogonDisabled' },
    });
  }
  const protocol = session.read(RDP_TCP, 'LoadableProtocol_Object');
  if (protocol !== undefined && String(protocol).toLowerCase() !== LISTENER_PROTOCOL) {
    session.find('ListenerProtocolReplaced', 'the listener belongs to another product', {
      severity: 'warning',
      data: { value: String(protocol) },
    });
  }
  const adapter = session.read(RDP_TCP, 'LanAdapter');
  if (typeof adapter === 'number' && adapter !== 0) {
    session.find('ListenerBoundToAdapter', 'the RDP listener answers on one network adapter only', {
      severity: 'warning',
      data: { adapter },
    });
  }
}

export function findSecurityLayerFault(session: Session): void {
  const cause = 'rdp-security-layer';
  const layer = session.read(RDP_TCP, 'SecurityLayer');
  if (layer === 0) {
    session.find('SecurityLayerWeak', 'RDP security instead of TLS: clients that require TLS are refused', {
      cause,
      data: { value: 0 },
    });
  }
  if (session.read(RDP_TCP, 'fAllowSecProtocolNegotiation') === 0) {
    session.find('NegotiationOff', 'client and server may not agree on a security protocol', { cause });
  }
  if (session.read(RDP_TCP, 'UserAuthentication') === 0) {
    session.find('NlaOff', 'network level authentication is off', { cause, severity: 'warning' });
  }
  if (layer === 2 && session.read(RDP_TCP, 'MinEncryptionLevel') === 1) {
    session.find('EncryptionMismatch', 'TLS does not go with the low encryption level', { cause });
  }
  for (const name of ['SecurityLayer', 'UserAuthentication', 'MinEncryptionLevel']) {
    if (session.read(TS_POLICY, name) !== 0) continue;
    session.find('SecuritySetByPolicy', 'a policy sets this value, whatever the local one says', {
      cause,
      severity: 'warning',
      data: { value: name, gpo: policySource(session.machine, TS_POLICY, name) },
    });
  }
}
