import type { Context } from '../context.ts';
import { resourceId } from '../store/resource-id.ts';
import type { NetworkInterface, Resource, SecurityRule } from '../store/resources.ts';
import type { NsgRuleSpec, VmSpec } from '../vm-spec.ts';
import type { Home } from './scopes.ts';

const NETWORK_NAME = 'vnet-fleet';
const SUBNET_NAME = 'default';
const CLOSED_SUBNET_NAME = 'closed';

/** Gives a resource of a VM what every resource has. */
export type Base = (
  type: string,
  name: string,
) => Pick<Resource, 'id' | 'name' | 'location' | 'provisioningState' | 'revision'>;

/** The VM's NIC with its NSG and public address. */
export function addNic(
  context: Context,
  spec: VmSpec,
  base: Base,
  { vmId, subnetId, nsgId }: { vmId: string; subnetId: string; nsgId: string },
): NetworkInterface {
  const { store, addresses } = context;
  const nsg =
    spec.nsgRules?.length &&
    store.networkSecurityGroups.put({
      ...base('Microsoft.Network/networkSecurityGroups', `${spec.name}-nsg`),
      id: nsgId,
      type: 'Microsoft.Network/networkSecurityGroups',
      rules: spec.nsgRules.map(toRule),
      resourceGuid: context.newId(),
    });
  const nicBase = base('Microsoft.Network/networkInterfaces', `${spec.name}-nic`);
  const allocation = spec.publicIpAllocation ?? 'Static';
  const publicIp =
    spec.publicIp === false
      ? undefined
      : store.publicIpAddresses.put({
          ...base('Microsoft.Network/publicIPAddresses', `${spec.name}-ip`),
          type: 'Microsoft.Network/publicIPAddresses',
          sku: allocation === 'Dynamic' ? 'Basic' : 'Standard',
          allocation,
          ...(allocation === 'Static' && { ipAddress: addresses.nextPublic() }),
          ipConfiguration: `${nicBase.id}/ipConfigurations/ipconfig1`,
        });
  return store.networkInterfaces.put({
    ...nicBase,
    type: 'Microsoft.Network/networkInterfaces',
    properties: { ...(nsg ? { networkSecurityGroup: { id: nsg.id } } : {}), ...spec.nicSettings },
    ipConfigurations: [
      {
        name: 'ipconfig1',
        properties: {
          privateIPAddress: addresses.nextPrivate(),
          privateIPAllocationMethod: 'Dynamic',
          subnet: { id: subnetId },
          ...(publicIp && { publicIPAddress: { id: publicIp.id } }),
          ...spec.ipSettings,
          primary: true,
        },
      },
      ...(spec.ipv6 ? [secondVersion(subnetId)] : []),
    ],
    virtualMachine: vmId,
    attackers: spec.attackers ?? [],
    ...identityOf(context),
  });
}

/** One more NIC of a VM, with a private address alone. */
export function addOtherNic(
  context: Context,
  { name: vmName }: VmSpec,
  base: Base,
  { name, vmId, subnetId }: { name: string; vmId: string; subnetId: string },
): NetworkInterface {
  return context.store.networkInterfaces.put({
    ...base('Microsoft.Network/networkInterfaces', `${vmName}-${name}`),
    type: 'Microsoft.Network/networkInterfaces',
    properties: {},
    ipConfigurations: [
      {
        name: 'ipconfig1',
        properties: {
          privateIPAddress: context.addresses.nextPrivate(),
          privateIPAllocationMethod: 'Dynamic',
          subnet: { id: subnetId },
          primary: true,
        },
      },
    ],
    virtualMachine: vmId,
    attackers: [],
    ...identityOf(context),
  });
}

/** An address of the other version, from the documentation range (RFC 3849): nothing in the lab listens there. */
function secondVersion(subnetId: string): NetworkInterface['ipConfigurations'][number] {
  return {
    name: 'ipconfig6',
    properties: {
      privateIPAddress: '2001:db8::4',
      privateIPAllocationMethod: 'Dynamic',
      privateIPAddressVersion: 'IPv6',
      subnet: { id: subnetId },
      primary: false,
    },
  };
}

function identityOf(context: Context): Pick<NetworkInterface, 'macAddress' | 'resourceGuid'> {
  const digits = context.newId().slice(0, 6).toUpperCase();
  return {
    macAddress: `00-0D-3A-${digits.replace(/(..)(..)(..)/, '$1-$2-$3')}`,
    resourceGuid: context.newId(),
  };
}

function toRule({
  name,
  priority,
  access,
  protocol = 'Tcp',
  sources = ['*'],
  ports,
  direction = 'Inbound',
}: NsgRuleSpec): SecurityRule {
  return {
    name,
    properties: {
      protocol,
      access,
      priority,
      direction,
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      ...(sources.length === 1 ? { sourceAddressPrefix: sources[0] } : { sourceAddressPrefixes: sources }),
      ...(ports.length === 1 ? { destinationPortRange: ports[0] } : { destinationPortRanges: ports }),
    },
  };
}

/**
 * One virtual network for a group, with one subnet over the whole private half of the lab's block; where asked for, beside it one
 * without a way out, which shares those addresses.
 */
export function ensureNetwork(
  context: Context,
  { subscriptionId }: Home,
  group: string,
  { withoutWayOut, reachedFrom }: Pick<VmSpec, 'withoutWayOut' | 'reachedFrom'>,
): string {
  const { store, addresses, catalogue } = context;
  const id = resourceId(subscriptionId, group, 'Microsoft.Network/virtualNetworks', NETWORK_NAME);
  const subnet = { name: SUBNET_NAME, addressPrefix: addresses.subnetPrefix };
  const network =
    store.virtualNetworks.find(id) ??
    store.virtualNetworks.put({
      id,
      name: NETWORK_NAME,
      type: 'Microsoft.Network/virtualNetworks',
      location: catalogue.location,
      provisioningState: 'Succeeded',
      revision: 1,
      addressPrefixes: [addresses.privatePrefix],
      subnets: [subnet],
    });
  if (reachedFrom) network.connected = [...reachedFrom];
  if (withoutWayOut && !network.subnets.some(({ name }) => name === CLOSED_SUBNET_NAME))
    network.subnets.push({ ...subnet, name: CLOSED_SUBNET_NAME, defaultOutboundAccess: false });
  return `${id}/subnets/${withoutWayOut ? CLOSED_SUBNET_NAME : SUBNET_NAME}`;
}
