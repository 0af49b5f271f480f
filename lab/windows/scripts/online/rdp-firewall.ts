import { FIREWALL_RULES_KEY, newRule } from '../../commands/firewall-rule.ts';
import { scriptModel } from '../envelope.ts';
import type { Session } from '../session.ts';
import { findFirewallFault, rulePorts } from './access.ts';
import { FIREWALL_RULES } from './keys.ts';
import { rdpPort } from './port.ts';

/** Lets Windows Firewall pass RDP. */
export const rdpFirewallModel = scriptModel('online/rdp-firewall', {
  detect: findFirewallFault,
  repair(session) {
    for (const name of FIREWALL_RULES) repairRule(session, name);
  },
});

function repairRule(session: Session, name: (typeof FIREWALL_RULES)[number]): void {
  const { firewall, registry } = session.machine;
  const port = rdpPort(session);
  const rule = firewall.rules().find((candidate) => candidate.name === name && candidate.source === 'local');
  if (!rule) {
    const protocol = name.endsWith('-TCP') ? 6 : 17;
    registry.set(FIREWALL_RULES_KEY, name, { type: 'REG_SZ', value: newRule(protocol, port) });
    session.act('create firewall rule', name, null, String(port));
    return;
  }
  if (!rule.active) {
    firewall.set(name, { active: true });
    session.act('switch on firewall rule', name, 'off', 'on');
  }
  if (rule.action !== 'Allow') {
    firewall.set(name, { action: 'Allow' });
    session.act('set firewall rule action', name, rule.action, 'Allow');
  }
  const ports = rulePorts(rule.localPorts);
  if (!ports.includes(String(port)) && !ports.includes('Any')) {
    firewall.set(name, { localPort: String(port) });
    session.act('set firewall rule port', name, ports.join(','), String(port));
  }
}
