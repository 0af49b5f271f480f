import type { Facts, FirewallRuleFact } from '../model/facts.ts';
import { serviceOf } from './look.ts';

/** RDP's own rules: it works without UDP, only slower. */
export const RDP_RULES = [
  { name: 'RemoteDesktop-UserMode-In-UDP', severity: 'warning' },
  { name: 'RemoteDesktop-UserMode-In-TCP', severity: 'fault' },
] as const;
export type RdpRule = (typeof RDP_RULES)[number]['name'];

const TCP = '6';

/** A rule as Windows stores it, `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|…|`, taken apart. */
export interface FirewallRule {
  readonly name: string;
  readonly source: FirewallRuleFact['source'];
  readonly isActive: boolean;
  readonly action: string;
  readonly isInbound: boolean;
  readonly protocol: string | undefined;
  /** Numbers, ranges and words; none: all ports. */
  readonly localPorts: readonly string[];
  readonly app: string | undefined;
  readonly service: string | undefined;
  /** None: all profiles. */
  readonly profiles: readonly string[];
  /** None: all addresses. */
  readonly remoteAddresses: readonly string[];
  readonly localAddresses: readonly string[];
}

function parseRule({ name, source, rule }: FirewallRuleFact): FirewallRule {
  const fields = rule.split('|').flatMap((field) => {
    const at = field.indexOf('=');
    return at < 0 ? [] : [{ key: field.slice(0, at).toLowerCase(), value: field.slice(at + 1) }];
  });
  const all = (...keys: string[]) => fields.filter(({ key }) => keys.includes(key)).map(({ value }) => value);
  return {
    name,
    source,
    isActive: all('active')[0]?.toUpperCase() === 'TRUE',
    action: all('action')[0] ?? '',
    isInbound: all('dir')[0]?.toLowerCase() === 'in',
    protocol: all('protocol')[0],
    localPorts: all('lport', 'lport2_10'),
    app: all('app')[0],
    service: all('svc')[0],
    profiles: all('profile'),
    remoteAddresses: all('ra4', 'ra42', 'ra6', 'ra62'),
    localAddresses: all('la4', 'la6'),
  };
}

export function firewallRules({ firewallRules }: Facts): FirewallRule[] {
  return firewallRules.items.map(parseRule);
}

/** Rules may be judged: they were read, and Windows Firewall runs by them. */
export function areRulesKnown(facts: Facts): boolean {
  return facts.firewallRules.error === null && !isFirewallStopped(facts);
}

/** Without its service nobody can say which rules are in force, nor change one. */
export function isFirewallStopped(facts: Facts): boolean {
  const service = serviceOf(facts, 'MpsSvc');
  return facts.scope === 'online' && service !== undefined && service.state !== 'Running';
}

export function ownRule(
  facts: Facts,
  name: RdpRule,
  source: FirewallRule['source'],
): FirewallRule | undefined {
  return firewallRules(facts).find(
    (rule) => rule.source === source && rule.name.toLowerCase() === name.toLowerCase(),
  );
}

export function isOwn({ name }: FirewallRule): boolean {
  return RDP_RULES.some((own) => own.name.toLowerCase() === name.toLowerCase());
}

/** Whether a rule's ports include one; a word such as `RPC` is none that RDP uses. */
export function coversPort({ localPorts }: FirewallRule, port: number): boolean {
  if (localPorts.length === 0) return true;
  return localPorts.some((range) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(range);
    if (!match) return range === '*';
    const from = Number(match[1]);
    return port >= from && port <= Number(match[2] ?? from);
  });
}

/** Whether a rule speaks of TermService on TCP: another program's or service's rule says nothing about RDP. */
export function concernsRdp({ protocol, app, service }: FirewallRule): boolean {
  const isTcp = protocol === undefined || protocol === TCP || protocol === '256';
  const isHost = app === undefined || /\\svchost\.exe$/i.test(app);
  const isService = service === undefined || service === '*' || service.toLowerCase() === 'termservice';
  return isTcp && isHost && isService;
}

/** The profile of a VM's network: a workgroup's is Public in Azure; a domain's is Domain while a controller is within reach. */
export function profileOf({ windows }: Facts): 'Domain' | 'Public' {
  return windows.domain === '' ? 'Public' : 'Domain';
}

export function coversProfile({ profiles }: FirewallRule, profile: string): boolean {
  return profiles.length === 0 || profiles.some((one) => one.toLowerCase() === profile.toLowerCase());
}
