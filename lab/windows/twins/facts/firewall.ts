import type { FirewallRuleFact } from '../../../../shared/model/facts.ts';
import { readRegistryKey } from '../../seam.ts';
import type { Reading } from '../facts.ts';
import { currentSetKey } from '../opened-windows.ts';
import { same } from '../../lookup.ts';

const OWN = [
  'RemoteDesktop-UserMode-In-TCP',
  'RemoteDesktop-UserMode-In-UDP',
  'RemoteDesktop-Shadow-In-TCP',
] as const;
const LOCAL = 'Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';
const POLICY = 'Policies\\Microsoft\\WindowsFirewall\\FirewallRules';

export function readFirewall({ machine, windows }: Reading): FirewallRuleFact[] {
  const rulesOf = (key: string, source: FirewallRuleFact['source']): FirewallRuleFact[] =>
    (readRegistryKey(machine, key)?.Values ?? []).flatMap(({ Name: name, Kind, Data }) =>
      Kind === 'String' && name.length <= 256 ? [{ name, source, rule: String(Data).slice(0, 4096) }] : [],
    );
  const all = [
    ...rulesOf(`${currentSetKey(windows)}\\${LOCAL}`, 'local'),
    ...rulesOf(`${windows.software}\\${POLICY}`, 'policy'),
  ];
  const isOwn = ({ name }: FirewallRuleFact): boolean => OWN.some((own) => same(own, name));
  return [...all.filter(isOwn), ...all.filter((rule) => !isOwn(rule) && isBlocking(rule))];
}

function isBlocking({ rule }: FirewallRuleFact): boolean {
  return /\|Action=Block\|/i.test(rule) && /\|Active=TRUE\|/i.test(rule) && /\|Dir=In\|/i.test(rule);
}
