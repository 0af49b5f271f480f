import * as z from 'zod';
import { readOnly, stored, wire } from '../wire.ts';

/** Bodies of the network resources the lab writes: members of api-version 2026-01-01. */

const subResource = z.looseObject({ id: z.string() });

const securityRulePropertiesSchema = wire('SecurityRulePropertiesFormat', {
  description: z.string().max(140).optional(),
  protocol: z.enum(['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*']),
  sourcePortRange: z.string().optional(),
  sourcePortRanges: z.array(z.string()).optional(),
  destinationPortRange: z.string().optional(),
  destinationPortRanges: z.array(z.string()).optional(),
  sourceAddressPrefix: z.string().optional(),
  sourceAddressPrefixes: z.array(z.string()).optional(),
  destinationAddressPrefix: z.string().optional(),
  destinationAddressPrefixes: z.array(z.string()).optional(),
  access: z.enum(['Allow', 'Deny']),
  priority: z.int().min(100).max(4096),
  direction: z.enum(['Inbound', 'Outbound']),
  ...stored('sourceApplicationSecurityGroups', 'destinationApplicationSecurityGroups'),
  ...readOnly('provisioningState'),
});

export const securityRuleSchema = wire('SecurityRule', {
  name: z.string().optional(),
  properties: securityRulePropertiesSchema,
  ...readOnly('id', 'etag', 'type'),
});

const ipConfiguration = wire('NetworkInterfaceIPConfiguration', {
  name: z.string(),
  properties: wire('NetworkInterfaceIPConfigurationPropertiesFormat', {
    privateIPAddress: z.string().optional(),
    privateIPAllocationMethod: z.enum(['Dynamic', 'Static']).optional(),
    subnet: subResource.optional(),
    publicIPAddress: subResource.optional(),
    primary: z.boolean().optional(),
    privateIPAddressVersion: z.enum(['IPv4', 'IPv6']).optional(),
    applicationSecurityGroups: z.array(subResource).optional(),
    loadBalancerBackendAddressPools: z.array(subResource).optional(),
    loadBalancerInboundNatRules: z.array(subResource).optional(),
    applicationGatewayBackendAddressPools: z.array(subResource).optional(),
    ...stored('gatewayLoadBalancer', 'virtualNetworkTaps', 'privateIPAddressPrefixLength'),
    ...readOnly('provisioningState'),
  }),
  ...readOnly('id', 'etag', 'type'),
});

export const nicBodySchema = wire('NetworkInterface', {
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: wire('NetworkInterfacePropertiesFormat', {
    networkSecurityGroup: subResource.optional(),
    ipConfigurations: z.array(ipConfiguration).min(1),
    enableAcceleratedNetworking: z.boolean().optional(),
    ...stored('dnsSettings', 'disableTcpStateTracking', 'enableIPForwarding', 'workloadType'),
    ...stored('nicType', 'privateLinkService', 'migrationPhase', 'auxiliaryMode', 'auxiliarySku'),
    ...readOnly(
      'virtualMachine',
      'macAddress',
      'primary',
      'resourceGuid',
      'vnetEncryptionSupported',
      'hostedWorkloads',
    ),
    ...readOnly('tapConfigurations', 'defaultOutboundConnectivityEnabled', 'provisioningState'),
  }),
  ...readOnly('id', 'name', 'type', 'etag', 'extendedLocation'),
});

/** Body of PUT for a whole NSG; its default rules are the platform's. */
export const nsgBodySchema = wire('NetworkSecurityGroup', {
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: wire('NetworkSecurityGroupPropertiesFormat', {
    securityRules: z.array(securityRuleSchema).optional(),
    ...readOnly(
      'flushConnection',
      'defaultSecurityRules',
      'networkInterfaces',
      'subnets',
      'flowLogs',
      'resourceGuid',
    ),
    ...readOnly('provisioningState'),
  }).optional(),
  ...readOnly('id', 'name', 'type', 'etag'),
});

/** Body of PUT for a virtual network, with its subnets. */
export const networkBodySchema = wire('VirtualNetwork', {
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: wire('VirtualNetworkPropertiesFormat', {
    addressSpace: wire('AddressSpace', { addressPrefixes: z.array(z.string()).min(1) }),
    subnets: z
      .array(
        wire('Subnet', {
          name: z.string(),
          properties: wire('SubnetPropertiesFormat', {
            addressPrefix: z.string(),
            networkSecurityGroup: subResource.optional(),
            ...readOnly('provisioningState'),
          }),
          ...readOnly('id', 'etag', 'type'),
        }),
      )
      .optional(),
    ...readOnly('provisioningState', 'resourceGuid', 'virtualNetworkPeerings', 'enableDdosProtection'),
  }),
  ...readOnly('id', 'name', 'type', 'etag'),
});

/** Body of PUT for a public address. */
export const publicIpBodySchema = wire('PublicIPAddress', {
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  zones: z.array(z.string()).optional(),
  sku: wire('PublicIPAddressSku', {
    name: z.enum(['Basic', 'Standard']),
    ...stored('tier'),
  }).optional(),
  properties: wire('PublicIPAddressPropertiesFormat', {
    publicIPAllocationMethod: z.enum(['Static', 'Dynamic']).optional(),
    ...stored('publicIPAddressVersion', 'idleTimeoutInMinutes', 'dnsSettings', 'ipTags', 'ddosSettings'),
    ...readOnly('provisioningState', 'ipAddress', 'ipConfiguration', 'resourceGuid'),
  }).optional(),
  ...readOnly('id', 'name', 'type', 'etag'),
});

export type SecurityRuleProperties = z.output<typeof securityRulePropertiesSchema>;
export type NicBody = z.output<typeof nicBodySchema>;
export type IpConfiguration = NicBody['properties']['ipConfigurations'][number];
