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

/** What of a rule is to change; a list takes the place of all there were, an empty one means any. */
export interface RuleChange {
  active?: boolean;
  action?: 'Allow' | 'Block';
  localPort?: string;
  localPorts?: readonly string[];
  profiles?: readonly string[];
  remoteAddresses?: readonly string[];
}

/** The rule string with only these fields changed. */
export function changeRule(raw: string, change: RuleChange): string {
  const { active, action, localPort, localPorts, profiles, remoteAddresses } = change;
  const ports = localPorts ?? (localPort === undefined ? undefined : [localPort]);
  const replacements: [string, readonly string[] | undefined][] = [
    ['Active', active === undefined ? undefined : [active ? 'TRUE' : 'FALSE']],
    ['Action', action === undefined ? undefined : [action]],
    ['LPort', ports],
    ['Profile', profiles],
    ['RA4', remoteAddresses],
  ];
  let fields = raw.split('|');
  for (const [name, values] of replacements) {
    if (values === undefined) continue;
    const isOfName = (field: string): boolean => field.startsWith(`${name}=`);
    const first = fields.findIndex(isOfName);
    const written = values.map((value) => `${name}=${value}`);
    const others = fields.filter((field) => !isOfName(field));
    others.splice(first < 0 ? placeOf(others, name) : first, 0, ...written);
    fields = others;
  }
  return fields.join('|');
}

/** Windows writes profile and port after the protocol, addresses after the ports; anything else goes before the empty end. */
function placeOf(fields: readonly string[], name: string): number {
  const before = { Profile: /^Protocol=/, LPort: /^(Protocol|Profile)=/, RA4: /^(Protocol|Profile|LPort)/ }[
    name
  ];
  const last = before ? fields.findLastIndex((field) => before.test(field)) : -1;
  return last < 0 ? -1 : last + 1;
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
