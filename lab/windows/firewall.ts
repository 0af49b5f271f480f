import type { Hive } from './disk.ts';
import { hiveNumber, hiveText, hiveValues } from './hive.ts';
import type { FirewallRuleView } from './machine/system-api.ts';

/** Below a control set. */
export const FIREWALL_POLICY = 'Services\\SharedAccess\\Parameters\\FirewallPolicy';
export const FIREWALL_RULES = `${FIREWALL_POLICY}\\FirewallRules`;
const POLICY_RULES = 'Policies\\Microsoft\\WindowsFirewall\\FirewallRules';

/** Reads a rule string, `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|...|`. */
export function parseRule(name: string, raw: string, source: 'local' | 'policy'): FirewallRuleView {
  const fields = raw.split('|').map((field) => field.split('='));
  const all = (field: string): string[] =>
    fields.flatMap(([key, ...value]) => (key === field ? [value.join('=')] : []));
  const protocol = all('Protocol')[0];
  const service = all('Svc')[0];
  const group = all('EmbedCtxt')[0];
  return {
    name,
    raw,
    source,
    active: all('Active')[0]?.toUpperCase() === 'TRUE',
    action: all('Action')[0] === 'Block' ? 'Block' : 'Allow',
    direction: all('Dir')[0] === 'Out' ? 'Out' : 'In',
    localPorts: [...all('LPort'), ...all('LPort2_10')],
    ...(protocol === undefined ? {} : { protocol: Number(protocol) }),
    ...(service === undefined ? {} : { service }),
    ...(group === undefined ? {} : { group }),
  };
}

/** The rule string with only these fields changed; a port takes the place of all there were. */
export function changeRule(
  raw: string,
  change: { active?: boolean; action?: 'Allow' | 'Block'; localPort?: string },
): string {
  const replacements: [string, string | undefined][] = [
    ['Active', change.active === undefined ? undefined : change.active ? 'TRUE' : 'FALSE'],
    ['Action', change.action],
    ['LPort', change.localPort],
  ];
  let fields = raw.split('|');
  for (const [name, value] of replacements) {
    if (value === undefined) continue;
    const first = fields.findIndex((field) => field.startsWith(`${name}=`));
    // Fields stand between the version and the empty end.
    if (first < 0) fields.splice(-1, 0, `${name}=${value}`);
    else
      fields = fields.flatMap((field, index) =>
        index === first ? [`${name}=${value}`] : field.startsWith(`${name}=`) ? [] : [field],
      );
  }
  return fields.join('|');
}

interface FirewallHives {
  system: Hive;
  software: Hive;
  controlSet: string;
}

/** Local rules, then those of group policy. */
export function firewallRules({ system, software, controlSet }: FirewallHives): FirewallRuleView[] {
  const read = (hive: Hive, key: string, source: 'local' | 'policy'): FirewallRuleView[] =>
    Object.keys(hiveValues(hive, key) ?? {}).flatMap((name) => {
      const raw = hiveText(hive, key, name);
      return raw === undefined ? [] : [parseRule(name, raw, source)];
    });
  return [
    ...read(system, `${controlSet}\\${FIREWALL_RULES}`, 'local'),
    ...read(software, POLICY_RULES, 'policy'),
  ];
}

/** Whether an inbound packet gets through on the public profile, which a VM in Azure is on. */
export function firewallLets(hives: FirewallHives, protocol: 'tcp' | 'udp', port: number): boolean {
  const { system, controlSet } = hives;
  const profile = `${controlSet}\\${FIREWALL_POLICY}\\PublicProfile`;
  if (hiveNumber(system, profile, 'EnableFirewall') === 0) return true;
  const wanted = protocol === 'tcp' ? 6 : 17;
  const matching = firewallRules(hives).filter(
    (rule) =>
      rule.active &&
      rule.direction === 'In' &&
      (rule.protocol ?? wanted) === wanted &&
      coversPort(rule, port),
  );
  return (
    matching.some(({ action }) => action === 'Allow') && !matching.some(({ action }) => action === 'Block')
  );
}

/** A rule without a port but with a program is about that program's traffic, none of which the lab has. */
function coversPort({ localPorts, raw }: FirewallRuleView, port: number): boolean {
  return localPorts.length === 0
    ? !raw.includes('|App=')
    : localPorts.some((range) => includesPort(range, port));
}

function includesPort(range: string, port: number): boolean {
  const [first, last = first] = range.split('-').map(Number);
  return first !== undefined && last !== undefined && port >= first && port <= last;
}
