import ipaddr from 'ipaddr.js';
import type { SecurityRule } from '../model/security-rule.ts';

/** How one open rule gets closed: by narrowing it, or by putting narrower rules before it. */
export type Restriction =
  | { kind: 'narrow'; rule: SecurityRule; sources: string[] }
  | { kind: 'precede'; rule: SecurityRule; add: SecurityRule[] };

const LOWEST_PRIORITY = 100;
/** Sources that include any host of the Internet. */
const EVERYONE = ['*', 'internet', 'any', '0.0.0.0/0', '::/0'];
/** All of Azure's own addresses, or those of a region: anybody can rent one (Virtual network service tags). */
const AZURE_CLOUD = /^azurecloud(\.|$)/;
/** A prefix this short or shorter is "the Internet" in disguise (0.0.0.0/1 and 128.0.0.0/1 are a known trick). */
const OPEN_PREFIX_BITS = { ipv4: 4, ipv6: 8 } as const;

/** Whether a source lets the whole Internet, or a very large part of it, in. */
export function isOpenSource(source: string): boolean {
  const text = source.trim().toLowerCase();
  if (EVERYONE.includes(text) || AZURE_CLOUD.test(text)) return true;
  if (!ipaddr.isValidCIDR(text)) return false;
  const [address, bits] = ipaddr.parseCIDR(text);
  return bits <= OPEN_PREFIX_BITS[address.kind()];
}

/** Whether a list of ports and ranges (`3389`, `3000-4000`, `*`) covers a port. */
export function coversPort(ports: readonly string[], port: number): boolean {
  return ports.some((text) => {
    if (text === '*') return true;
    const [from = NaN, to = from] = text.split('-').map(Number);
    return from <= port && port <= to;
  });
}

/**
 * The inbound rules of one NSG that let the Internet reach the RDP port, in the order Azure evaluates them.
 * @param addresses the VM's private ones, so that rules for other VMs of the subnet do not count; all count without
 */
export function openRdpRules(
  rules: readonly SecurityRule[],
  port: number,
  addresses: readonly string[] = [],
): SecurityRule[] {
  const inbound = rules
    .filter(
      ({ direction, protocol, destinationPorts }) =>
        direction === 'Inbound' &&
        ['*', 'tcp'].includes(protocol.toLowerCase()) &&
        coversPort(destinationPorts, port),
    )
    .sort((a, b) => a.priority - b.priority);
  // A rule behind a Deny of the whole Internet for this port never counts.
  const wall = inbound.findIndex(deniesInternet);
  return (wall < 0 ? inbound : inbound.slice(0, wall)).filter(
    (rule) => rule.access === 'Allow' && rule.sources.some(isOpenSource) && isFor(rule, addresses),
  );
}

/**
 * The rules that open RDP to the Internet in effect: it gets in where every group on the way to a NIC lets it.
 * @param paths for each NIC the ids of the groups that a packet passes
 */
export function exposedRdpRules(
  paths: readonly (readonly string[])[],
  rules: readonly SecurityRule[],
  port: number,
  addresses: readonly string[] = [],
): SecurityRule[] {
  const openIn = (group: string): SecurityRule[] =>
    openRdpRules(
      rules.filter(({ networkSecurityGroupId }) => networkSecurityGroupId === group),
      port,
      addresses,
    );
  const exposed = paths
    .map((path) => path.map(openIn))
    .filter((groups) => groups.every((open) => open.length > 0));
  return [...new Set(exposed.flat(2))];
}

function deniesInternet({ access, sources, sourcePorts, destinations }: SecurityRule): boolean {
  return (
    access === 'Deny' &&
    sources.some((source) => ['*', 'any', 'internet', '0.0.0.0/0'].includes(source.toLowerCase())) &&
    sourcePorts.includes('*') &&
    destinations.some(isEverything)
  );
}

function isFor({ destinations, destinationGroups }: SecurityRule, addresses: readonly string[]): boolean {
  // Who is in an application security group is not known here.
  if (addresses.length === 0 || destinationGroups.length > 0) return true;
  return destinations.some(
    (destination) => isEverything(destination) || addresses.some((address) => isWithin(address, destination)),
  );
}

function isEverything(destination: string): boolean {
  return ['*', 'any', '0.0.0.0/0', 'virtualnetwork'].includes(destination.toLowerCase());
}

function isWithin(address: string, prefix: string): boolean {
  if (address === prefix) return true;
  if (!ipaddr.isValidCIDR(prefix) || !ipaddr.isValid(address)) return false;
  const [base, bits] = ipaddr.parseCIDR(prefix);
  const parsed = ipaddr.parse(address);
  return parsed.kind() === base.kind() && parsed.match(base, bits);
}

/**
 * How to close one open rule for the RDP port to all but the given addresses, leaving its meaning for every
 * other port and source as it is. `undefined` where the NSG has no free priority before the rule.
 */
export function restrictRule(
  rule: SecurityRule,
  all: readonly SecurityRule[],
  port: number,
  adminAddresses: readonly string[],
): Restriction | undefined {
  const kept = rule.sources.filter((source) => !isOpenSource(source));
  if (rule.destinationPorts.length === 1 && rule.destinationPorts[0] === String(port)) {
    return { kind: 'narrow', rule, sources: unique([...kept, ...adminAddresses]) };
  }
  const [allowAt, denyAt] = freePrioritiesBefore(rule, all);
  if (allowAt === undefined || denyAt === undefined) return undefined;
  const base = {
    ...rule,
    protocol: 'Tcp',
    destinationPorts: [String(port)],
    sourcePorts: ['*'],
    sourceGroups: [],
  };
  return {
    kind: 'precede',
    rule,
    add: [
      named(base, `rdp-medic-allow-${port}-before-${rule.priority}`, {
        priority: allowAt,
        access: 'Allow',
        sources: unique([...kept, ...adminAddresses]),
      }),
      named(base, `rdp-medic-deny-${port}-before-${rule.priority}`, {
        priority: denyAt,
        access: 'Deny',
        sources: ['Internet'],
      }),
    ],
  };
}

/** The rule that lets the admin addresses reach a moved RDP port. `undefined` where no priority is free. */
export function allowMovedPort(
  model: SecurityRule,
  all: readonly SecurityRule[],
  port: number,
  adminAddresses: readonly string[],
): SecurityRule | undefined {
  const priority = freePrioritiesBefore(model, all).at(-1);
  if (priority === undefined) return undefined;
  const sources =
    adminAddresses.length > 0 ? unique([...adminAddresses]) : model.sources.filter((s) => !isOpenSource(s));
  if (sources.length === 0) return undefined;
  return named(
    { ...model, protocol: 'Tcp', destinationPorts: [String(port)], sourcePorts: ['*'], sourceGroups: [] },
    `rdp-medic-allow-${port}`,
    {
      priority,
      access: 'Allow',
      sources,
    },
  );
}

function named(
  base: SecurityRule,
  name: string,
  change: Pick<SecurityRule, 'priority' | 'access' | 'sources'>,
): SecurityRule {
  return {
    ...base,
    ...change,
    name,
    id: `${base.networkSecurityGroupId}/securityRules/${name}`,
    description: 'Made by RDP Medic',
  };
}

/** The two highest free priority numbers below the rule's own, ascending. */
function freePrioritiesBefore(rule: SecurityRule, all: readonly SecurityRule[]): number[] {
  const taken = new Set(
    all.filter(({ direction }) => direction === 'Inbound').map(({ priority }) => priority),
  );
  const free: number[] = [];
  for (let candidate = rule.priority - 1; candidate >= LOWEST_PRIORITY && free.length < 2; candidate--) {
    if (!taken.has(candidate)) free.unshift(candidate);
  }
  return free;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
