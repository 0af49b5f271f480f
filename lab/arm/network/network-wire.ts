import { createHash } from 'node:crypto';
import { toJson, toJsonObject, type JsonObject, type JsonValue } from '../store/json.ts';
import type {
  NetworkInterface,
  NetworkSecurityGroup,
  PublicIpAddress,
  Resource,
  SecurityRule,
  Subnet,
  VirtualNetwork,
} from '../store/resources.ts';
import type { Store } from '../store/store.ts';
import { sameId } from '../store/resource-id.ts';
import { DEFAULT_RULES } from './default-rules.ts';

/** `W/"guid"`, another one after each change. */
export function networkEtag({ id, revision }: Resource): string {
  const hex = createHash('sha256')
    .update(`${id.toLowerCase()} ${String(revision)}`)
    .digest('hex');
  return `W/"${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}"`;
}

function envelope(resource: Resource, properties: object): JsonValue {
  const { id, name, type, location, tags } = resource;
  return toJson({ name, id, etag: networkEtag(resource), type, location, tags, properties });
}

export function nicToWire(nic: NetworkInterface): JsonValue {
  const { provisioningState } = nic;
  return envelope(nic, {
    dnsSettings: { dnsServers: [], appliedDnsServers: [] },
    enableAcceleratedNetworking: false,
    disableTcpStateTracking: false,
    enableIPForwarding: false,
    ...nic.properties,
    provisioningState,
    resourceGuid: nic.resourceGuid,
    ipConfigurations: nic.ipConfigurations.map(({ name, properties }, index) => ({
      name,
      id: `${nic.id}/ipConfigurations/${name}`,
      type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
      properties: { provisioningState, privateIPAddressVersion: 'IPv4', primary: index === 0, ...properties },
    })),
    macAddress: nic.macAddress,
    primary: nic.virtualMachine !== undefined,
    ...(nic.virtualMachine !== undefined && { virtualMachine: { id: nic.virtualMachine } }),
    vnetEncryptionSupported: false,
    hostedWorkloads: [],
    tapConfigurations: [],
    nicType: 'Standard',
  });
}

export function nsgToWire(store: Store, nsg: NetworkSecurityGroup): JsonValue {
  const nics = store.networkInterfaces
    .within('/')
    .filter(({ properties }) => sameId(properties.networkSecurityGroup?.id, nsg.id));
  const subnets = store.virtualNetworks
    .within('/')
    .flatMap((network) =>
      network.subnets
        .filter(({ networkSecurityGroup }) => sameId(networkSecurityGroup, nsg.id))
        .map(({ name }) => ({ id: `${network.id}/subnets/${name}` })),
    );
  return envelope(nsg, {
    provisioningState: nsg.provisioningState,
    resourceGuid: nsg.resourceGuid,
    securityRules: nsg.rules.map((rule) => ruleToWire(nsg, rule)),
    defaultSecurityRules: DEFAULT_RULES.map((rule) => ruleToWire(nsg, rule, 'defaultSecurityRules')),
    ...(nics.length > 0 && { networkInterfaces: nics.map(({ id }) => ({ id })) }),
    ...(subnets.length > 0 && { subnets }),
  });
}

export function ruleToWire(
  nsg: NetworkSecurityGroup,
  { name, properties }: SecurityRule,
  collection = 'securityRules',
): JsonObject {
  return {
    name,
    id: `${nsg.id}/${collection}/${name}`,
    etag: networkEtag(nsg),
    type: `Microsoft.Network/networkSecurityGroups/${collection}`,
    properties: toJson({
      provisioningState: nsg.provisioningState,
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
      ...properties,
    }),
  };
}

export function publicIpToWire(publicIp: PublicIpAddress): JsonValue {
  const { sku, allocation, ipAddress, ipConfiguration, provisioningState, zones } = publicIp;
  const body = envelope(publicIp, {
    provisioningState,
    ipAddress,
    publicIPAddressVersion: 'IPv4',
    publicIPAllocationMethod: allocation,
    idleTimeoutInMinutes: 4,
    ipTags: [],
    ...(ipConfiguration !== undefined && { ipConfiguration: { id: ipConfiguration } }),
    ddosSettings: { protectionMode: 'VirtualNetworkInherited' },
  });
  return toJson({ ...toJsonObject(body), zones, sku: { name: sku, tier: 'Regional' } });
}

export function networkToWire(network: VirtualNetwork): JsonValue {
  return envelope(network, {
    provisioningState: network.provisioningState,
    addressSpace: { addressPrefixes: network.addressPrefixes },
    subnets: network.subnets.map((subnet) => subnetToWire(network, subnet)),
    virtualNetworkPeerings: [],
    enableDdosProtection: false,
  });
}

export function subnetToWire(
  network: VirtualNetwork,
  { name, addressPrefix, networkSecurityGroup, defaultOutboundAccess }: Subnet,
): JsonObject {
  return {
    name,
    id: `${network.id}/subnets/${name}`,
    etag: networkEtag(network),
    type: 'Microsoft.Network/virtualNetworks/subnets',
    properties: {
      provisioningState: network.provisioningState,
      addressPrefix,
      ...(defaultOutboundAccess !== undefined && { defaultOutboundAccess }),
      ...(networkSecurityGroup !== undefined && { networkSecurityGroup: { id: networkSecurityGroup } }),
      privateEndpointNetworkPolicies: 'Disabled',
      privateLinkServiceNetworkPolicies: 'Enabled',
    },
  };
}
