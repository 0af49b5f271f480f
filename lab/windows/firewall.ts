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
    profiles: all('Profile'),
    remoteAddresses: all('RA4'),
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

/** The profile of the network: that of a VM in Azure is public, unless the VM is in a domain. */
function profileOf({ system, controlSet }: FirewallHives): 'Domain' | 'Public' {
  const domain = hiveText(system, `${controlSet}\\Services\\Tcpip\\Parameters`, 'Domain') ?? '';
  return domain === '' ? 'Public' : 'Domain';
}

/** Whether an inbound packet from an address gets through. */
export function firewallLets(
  hives: FirewallHives,
  protocol: 'tcp' | 'udp',
  port: number,
  source: string,
): boolean {
  const { system, controlSet } = hives;
  const profile = profileOf(hives);
  const settings = `${controlSet}\\${FIREWALL_POLICY}\\${profile}Profile`;
  if (hiveNumber(system, settings, 'EnableFirewall') === 0) return true;
  const wanted = protocol === 'tcp' ? 6 : 17;
  const matching = firewallRules(hives).filter(
    (rule) =>
      rule.active &&
      rule.direction === 'In' &&
      (rule.protocol ?? wanted) === wanted &&
      (rule.profiles.length === 0 || rule.profiles.includes(profile)) &&
      coversSource(rule, source) &&
      coversPort(rule, port),
  );
  return (
    matching.some(({ action }) => action === 'Allow') && !matching.some(({ action }) => action === 'Block')
  );
}

/** `LocalSubnet` is nobody who comes through Azure's edge. */
function coversSource({ remoteAddresses }: FirewallRuleView, source: string): boolean {
  if (remoteAddresses.length === 0) return true;
  return remoteAddresses.some((range) => {
    const [network = '', mask = '255.255.255.255'] = range.split('/');
    const bits = /^\d+$/.test(mask) ? -(2 ** (32 - Number(mask))) >>> 0 : addressNumber(mask);
    const [from, at] = [addressNumber(network), addressNumber(source)];
    return from !== undefined && at !== undefined && bits !== undefined && (from & bits) === (at & bits);
  });
}

function addressNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => part >= 0 && part <= 255);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
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
