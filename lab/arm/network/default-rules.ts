import type { SecurityRule } from '../store/resources.ts';

type Direction = 'Inbound' | 'Outbound';

/** The six rules every NSG ends with. Their priorities lie beyond what own rules may have (100-4096). */
export const DEFAULT_RULES: readonly SecurityRule[] = [
  rule(
    'AllowVnetInBound',
    65000,
    'Inbound',
    'Allow',
    ['VirtualNetwork', 'VirtualNetwork'],
    'Allow inbound traffic from all VMs in VNET',
  ),
  rule(
    'AllowAzureLoadBalancerInBound',
    65001,
    'Inbound',
    'Allow',
    ['AzureLoadBalancer', '*'],
    'Allow inbound traffic from azure load balancer',
  ),
  rule('DenyAllInBound', 65500, 'Inbound', 'Deny', ['*', '*'], 'Deny all inbound traffic'),
  rule(
    'AllowVnetOutBound',
    65000,
    'Outbound',
    'Allow',
    ['VirtualNetwork', 'VirtualNetwork'],
    'Allow outbound traffic from all VMs to all VMs in VNET',
  ),
  rule(
    'AllowInternetOutBound',
    65001,
    'Outbound',
    'Allow',
    ['*', 'Internet'],
    'Allow outbound traffic from all VMs to Internet',
  ),
  rule('DenyAllOutBound', 65500, 'Outbound', 'Deny', ['*', '*'], 'Deny all outbound traffic'),
];

function rule(
  name: string,
  priority: number,
  direction: Direction,
  access: 'Allow' | 'Deny',
  [source, destination]: [string, string],
  description: string,
): SecurityRule {
  return {
    name,
    properties: {
      description,
      protocol: '*',
      sourcePortRange: '*',
      destinationPortRange: '*',
      sourceAddressPrefix: source,
      destinationAddressPrefix: destination,
      access,
      priority,
      direction,
    },
  };
}
