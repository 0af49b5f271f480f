import type { NetworkInterface } from '../store/resources.ts';
import { toJson, type JsonValue } from '../store/json.ts';
import type { Store } from '../store/store.ts';
import { placementOf, type Association, type EffectiveRule } from './effective-rules.ts';
import { both } from './reachability.ts';

/** The public half of the address space, roughly: what the tag Internet expands to in an effective rule. */
const INTERNET_PREFIXES = ['32.0.0.0/3', '4.0.0.0/6', '2.0.0.0/7', '1.0.0.0/8', '128.0.0.0/3', '64.0.0.0/3'];
const LOAD_BALANCER_PREFIX = '168.63.129.16/32';

/** One entry of the answer to "list effective network security groups". */
export function effectiveToWire(
  store: Store,
  nic: NetworkInterface,
  { nsg, through, id, rules }: Association,
): JsonValue {
  const networkPrefixes = placementOf(store, nic)?.network.addressPrefixes ?? [];
  return toJson({
    networkSecurityGroup: { id: nsg.id },
    association: { [through]: { id } },
    effectiveSecurityRules: rules.map((rule) => ruleToWire(rule, networkPrefixes)),
  });
}

function ruleToWire({ name, origin, properties }: EffectiveRule, networkPrefixes: string[]): object {
  const sources = both(properties.sourceAddressPrefix, properties.sourceAddressPrefixes);
  const destinations = both(properties.destinationAddressPrefix, properties.destinationAddressPrefixes);
  const sourcePorts = both(properties.sourcePortRange, properties.sourcePortRanges).map(asRange);
  const destinationPorts = both(properties.destinationPortRange, properties.destinationPortRanges).map(
    asRange,
  );
  return {
    name: `${origin}/${name}`,
    protocol: properties.protocol === '*' ? 'All' : properties.protocol,
    ...addresses('source', sources, networkPrefixes),
    ...addresses('destination', destinations, networkPrefixes),
    sourcePortRange: sourcePorts[0],
    sourcePortRanges: sourcePorts,
    destinationPortRange: destinationPorts[0],
    destinationPortRanges: destinationPorts,
    access: properties.access,
    priority: properties.priority,
    direction: properties.direction,
  };
}

function addresses(side: 'source' | 'destination', prefixes: string[], networkPrefixes: string[]): object {
  const shown = prefixes.map((prefix) =>
    prefix === '*' ? '0.0.0.0/0' : /^[\d.]+$/.test(prefix) ? `${prefix}/32` : prefix,
  );
  const expanded = prefixes.flatMap((prefix) => expansion(prefix, networkPrefixes));
  return {
    [`${side}AddressPrefix`]: shown[0],
    [`${side}AddressPrefixes`]: shown,
    ...(expanded.length > 0 && {
      [`expanded${side === 'source' ? 'Source' : 'Destination'}AddressPrefix`]: expanded,
    }),
  };
}

function expansion(prefix: string, networkPrefixes: string[]): string[] {
  switch (prefix.toLowerCase()) {
    case 'virtualnetwork':
      return networkPrefixes;
    case 'internet':
      return INTERNET_PREFIXES;
    case 'azureloadbalancer':
      return [LOAD_BALANCER_PREFIX];
    default:
      return [];
  }
}

/** Effective rules write every port as a range. */
function asRange(port: string): string {
  if (port === '*') return '0-65535';
  return port.includes('-') ? port : `${port}-${port}`;
}
