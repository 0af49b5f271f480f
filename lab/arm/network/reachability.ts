import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { NetworkInterface, SecurityRule } from '../store/resources.ts';
import type { Store } from '../store/store.ts';
import { associationsOf, placementOf } from './effective-rules.ts';

/** The virtual address health probes of Azure's load balancers come from. */
const LOAD_BALANCER_PROBE = '168.63.129.16';

export interface Packet {
  source: string;
  /** Private address of the NIC. */
  destination: string;
  port: number;
  protocol: 'Tcp' | 'Udp';
}

/**
 * Whether a TCP connection from `source` reaches `port` of the NIC by the rules in force: every NSG on its way,
 * the subnet's and the NIC's, must let it in. From outside its virtual network it also needs a public address,
 * and behind a Standard one some NSG that allows it ("secure by default").
 */
export function isReachable(store: Store, nic: NetworkInterface, source: string, port: number): boolean {
  const configuration = nic.ipConfigurations[0]?.properties;
  if (!configuration?.privateIPAddress) return false;
  const { addressPrefixes = [], connected = [] } = placementOf(store, nic)?.network ?? {};
  const networkPrefixes = [...addressPrefixes, ...connected];
  const associations = associationsOf(store, nic);
  if (!inAnyPrefix(source, networkPrefixes)) {
    const publicIp =
      configuration.publicIPAddress && store.publicIpAddresses.find(configuration.publicIPAddress.id);
    if (!publicIp?.ipAddress) return false;
    if (associations.length === 0) return publicIp.sku === 'Basic';
  }
  const packet: Packet = { source, destination: configuration.privateIPAddress, port, protocol: 'Tcp' };
  return associations.every(({ rules }) => decide(rules, packet, networkPrefixes) === 'Allow');
}

/** What the first matching inbound rule says. */
export function decide(
  rules: readonly SecurityRule[],
  packet: Packet,
  networkPrefixes: readonly string[],
): 'Allow' | 'Deny' {
  const rule = rules.find((candidate) => matches(candidate, packet, networkPrefixes));
  return rule?.properties.access ?? 'Deny';
}

function matches(
  { properties: rule }: SecurityRule,
  packet: Packet,
  networkPrefixes: readonly string[],
): boolean {
  const inside = (prefix: string | undefined, prefixes: string[] | undefined, address: string): boolean =>
    both(prefix, prefixes).some((entry) => inPrefixOrTag(address, entry, networkPrefixes));
  return (
    rule.direction === 'Inbound' &&
    (rule.protocol === '*' || rule.protocol === packet.protocol) &&
    both(rule.destinationPortRange, rule.destinationPortRanges).some((range) =>
      inPortRange(packet.port, range),
    ) &&
    inside(rule.sourceAddressPrefix, rule.sourceAddressPrefixes, packet.source) &&
    inside(rule.destinationAddressPrefix, rule.destinationAddressPrefixes, packet.destination)
  );
}

/** An augmented rule has a list, a plain one a single value. */
export function both(single: string | undefined, list: string[] | undefined): string[] {
  return [...(single === undefined ? [] : [single]), ...(list ?? [])];
}

function inPortRange(port: number, range: string): boolean {
  if (range === '*') return true;
  const [from, to = from] = range.split('-').map(Number);
  return from !== undefined && to !== undefined && port >= from && port <= to;
}

function inPrefixOrTag(address: string, entry: string, networkPrefixes: readonly string[]): boolean {
  switch (entry.toLowerCase()) {
    case '*':
    case 'any':
      return true;
    case 'virtualnetwork':
      return inAnyPrefix(address, networkPrefixes);
    case 'azureloadbalancer':
      return address === LOAD_BALANCER_PROBE;
    case 'internet':
      return !inAnyPrefix(address, networkPrefixes) && address !== LOAD_BALANCER_PROBE;
    default:
      return inAnyPrefix(address, [entry]);
  }
}

function inAnyPrefix(address: string, prefixes: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  return prefixes.some((prefix) => {
    const [base = '', length] = prefix.split('/');
    // Service tags the lab does not know reach nobody; a whole number is an address.
    if (isIP(base) === 0 && !/^\d+$/.test(base)) return false;
    const network = ipaddr.process(base);
    const bits = length === undefined ? (network.kind() === 'ipv4' ? 32 : 128) : Number(length);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}
