import { LAB_GROUP_ID } from '../../../../lab/arm/start-lab.ts';
import { get, NETWORK, post, remove, SUBSCRIPTION, type ContractRow } from './contract.ts';

export const otherRows: readonly ContractRow[] = [
  get(
    'network-networkInterfaces-get',
    `${NETWORK}/networkInterfaces/vm1-nic`,
    /privateIPAddressPrefixLength|internalDomainNameSuffix|dscpConfiguration/,
  ),
  {
    example: 'network-networkInterfaces-createOrUpdate',
    method: 'PUT',
    path: `${NETWORK}/networkInterfaces/another-nic`,
    body: {
      location: 'westeurope',
      properties: {
        enableAcceleratedNetworking: true,
        disableTcpStateTracking: true,
        ipConfigurations: [
          {
            name: 'i',
            properties: {
              subnet: { id: `${NETWORK}/virtualNetworks/vnet-fleet/subnets/default` },
              publicIPAddress: { id: `${NETWORK}/publicIPAddresses/vm1-ip` },
              primary: true,
            },
          },
        ],
      },
    },
    status: 201,
    without: /privateIPAddressPrefixLength|internalDomainNameSuffix|dscpConfiguration/,
  },
  remove('network-networkInterfaces-delete', `${NETWORK}/networkInterfaces/gone-nic`),
  post(
    'network-networkInterfaces-listEffectiveNetworkSecurityGroups',
    `${NETWORK}/networkInterfaces/vm1-nic/effectiveNetworkSecurityGroups`,
  ),
  get('network-networkSecurityGroups-get', `${NETWORK}/networkSecurityGroups/vm1-nsg`),
  get('network-securityRules-get', `${NETWORK}/networkSecurityGroups/vm1-nsg/securityRules/rdp`),
  {
    example: 'network-securityRules-createOrUpdate',
    method: 'PUT',
    path: `${NETWORK}/networkSecurityGroups/vm1-nsg/securityRules/new`,
    body: {
      properties: {
        protocol: '*',
        sourceAddressPrefix: '10.0.0.0/8',
        destinationAddressPrefix: '11.0.0.0/8',
        access: 'Deny',
        destinationPortRange: '8080',
        sourcePortRange: '*',
        priority: 100,
        direction: 'Outbound',
      },
    },
    status: 201,
  },
  remove('network-securityRules-delete', `${NETWORK}/networkSecurityGroups/vm2-nsg/securityRules/rdp`),
  get(
    'network-publicIPAddresses-get',
    `${NETWORK}/publicIPAddresses/vm1-ip`,
    /ddosProtectionPlan|ipTags\[\]/,
  ),
  get(
    'network-virtualNetworks-get',
    `${NETWORK}/virtualNetworks/vnet-fleet`,
    /ipConfigurations|defaultPublicNatGateway/,
  ),
  get('network-subnets-get', `${NETWORK}/virtualNetworks/vnet-fleet/subnets/default`),
  get('authorization-locks-listByScope', `${SUBSCRIPTION}/providers/Microsoft.Authorization/locks`),
  get(
    'authorization-permissions-listForResourceGroup',
    `${LAB_GROUP_ID}/providers/Microsoft.Authorization/permissions`,
    /nextLink/,
  ),
  {
    example: 'resources-resourceGroups-createOrUpdate',
    method: 'PUT',
    path: `${SUBSCRIPTION}/resourcegroups/rg-new`,
    body: { location: 'westeurope' },
    status: 201,
  },
  remove('resources-resourceGroups-delete', `${SUBSCRIPTION}/resourcegroups/rg-gone`),
];
