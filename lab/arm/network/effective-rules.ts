import type {
  NetworkInterface,
  NetworkSecurityGroup,
  SecurityRule,
  Subnet,
  VirtualNetwork,
} from '../store/resources.ts';
import { sameId } from '../store/resource-id.ts';
import type { Store } from '../store/store.ts';
import { DEFAULT_RULES } from './default-rules.ts';

/** An NSG in force on a NIC, and through what. */
export interface Association {
  nsg: NetworkSecurityGroup;
  through: 'subnet' | 'networkInterface';
  /** Id of the subnet or NIC. */
  id: string;
  /** Own and default rules by priority: the first that matches decides. */
  rules: EffectiveRule[];
}

export interface EffectiveRule extends SecurityRule {
  origin: 'securityRules' | 'defaultSecurityRules';
}

/** Where a NIC stands: its subnet and virtual network. */
export interface Placement {
  network: VirtualNetwork;
  subnetId: string;
  subnet: Subnet;
}

/** The subnet of a NIC's first IP configuration. */
export function placementOf(store: Store, nic: NetworkInterface): Placement | undefined {
  const subnetId = nic.ipConfigurations[0]?.properties.subnet?.id;
  if (subnetId === undefined) return undefined;
  const network = store.virtualNetworks.find(subnetId.replace(/\/subnets\/[^/]+\/?$/i, ''));
  const subnet = network?.subnets.find(({ name }) => sameId(`${network.id}/subnets/${name}`, subnetId));
  return network && subnet && { network, subnetId, subnet };
}

/** The NSGs a packet to the NIC meets, in the order it meets them: the subnet's, then the NIC's. */
export function associationsOf(store: Store, nic: NetworkInterface): Association[] {
  const placement = placementOf(store, nic);
  const found: Association[] = [];
  const add = (nsgId: string | undefined, through: Association['through'], id: string): void => {
    const nsg = nsgId === undefined ? undefined : store.networkSecurityGroups.find(nsgId);
    if (nsg) found.push({ nsg, through, id, rules: effectiveRules(nsg) });
  };
  if (placement) add(placement.subnet.networkSecurityGroup, 'subnet', placement.subnetId);
  add(nic.properties.networkSecurityGroup?.id, 'networkInterface', nic.id);
  return found;
}

function effectiveRules(nsg: NetworkSecurityGroup): EffectiveRule[] {
  return [
    ...nsg.rules.map((rule): EffectiveRule => ({ ...rule, origin: 'securityRules' })),
    ...DEFAULT_RULES.map((rule): EffectiveRule => ({ ...rule, origin: 'defaultSecurityRules' })),
  ].sort((one, other) => one.properties.priority - other.properties.priority);
}
