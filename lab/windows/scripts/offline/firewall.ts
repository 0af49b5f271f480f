import type { FindingMore, Session } from '../session.ts';
import { FIREWALL_RULES, RDP_FIREWALL_RULES, rdpPort } from './findings.ts';
import { controlSetName, type OfflineGuest } from './offline-guest.ts';

/** Twin of `Find-GuestFirewallFault`. */
export function findFirewallFault(session: Session, guest: OfflineGuest): void {
  const rules = Object.keys(RDP_FIREWALL_RULES);
  for (const set of guest.controlSets) {
    const port = rdpPort(session, set);
    for (const rule of rules) {
      const more: FindingMore = {
        cause: 'rdp-firewall',
        severity: severityOf(rule),
        data: { rule, controlSet: controlSetName(set) },
      };
      const stored = session.read(`${set}\\${FIREWALL_RULES}`, rule);
      if (stored === undefined) {
        session.find('FirewallRuleMissing', 'the firewall rule for RDP is gone', more);
        continue;
      }
      const fields = String(stored);
      if (!/\|Active=TRUE\|/i.test(fields))
        session.find('FirewallRuleDisabled', 'the firewall rule for RDP is off', more);
      if (!/\|Action=Allow\|/i.test(fields))
        session.find('FirewallRuleBlocks', 'the firewall rule for RDP blocks', more);
      if (/\|LPort=/i.test(fields) && !fields.includes(`|LPort=${String(port)}|`))
        session.find('FirewallRuleWrongPort', 'the firewall rule lets another port in', more);
    }
  }
  const policies = `${guest.software}\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules`;
  for (const rule of rules) {
    if (!/\|Action=Block\|/i.test(String(session.read(policies, rule) ?? ''))) continue;
    session.find(
      'FirewallRuleBlockedByPolicy',
      'a policy rule of the same name blocks RDP; it must be changed there',
      { cause: 'rdp-firewall', severity: severityOf(rule), data: { rule } },
    );
  }
}

/** RDP works without UDP, only slower. */
function severityOf(rule: string): 'fault' | 'warning' {
  return rule.endsWith('-TCP') ? 'fault' : 'warning';
}

/** Twin of `Edit-FirewallRule`. */
export function editFirewallRule(rule: string | undefined, protocol: number, port: number): string {
  if (rule === undefined)
    return `v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=${String(protocol)}|LPort=${String(port)}|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|EmbedCtxt=@FirewallAPI.dll,-28752|`;
  return withPort(
    rule.replaceAll(/\|Active=[^|]*\|/gi, '|Active=TRUE|').replaceAll(/\|Action=[^|]*\|/gi, '|Action=Allow|'),
    port,
  );
}

export function withPort(rule: string, port: number): string {
  return rule.replaceAll(/\|LPort=[^|]*\|/gi, `|LPort=${String(port)}|`);
}
