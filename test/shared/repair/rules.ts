import type { SecurityRule } from '../../../shared/model/security-rule.ts';
import type { Ground } from '../../../shared/repair/rule-plans.ts';

export const NSG = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n';
/** The VM's private address, and where its administrators sit. */
export const OURS = '10.0.0.4';
export const ADMINS = ['203.0.113.0/24'];

/** An Allow of RDP for everybody, but for what is changed. */
export function rule(name: string, change: Partial<SecurityRule> = {}): SecurityRule {
  return {
    id: `${NSG}/securityRules/${name}`,
    name,
    networkSecurityGroupId: NSG,
    priority: 300,
    access: 'Allow',
    direction: 'Inbound',
    protocol: 'Tcp',
    sources: ['*'],
    sourceGroups: [],
    destinations: ['*'],
    destinationGroups: [],
    sourcePorts: ['*'],
    destinationPorts: ['3389'],
    description: '',
    ...change,
  };
}

/** An NSG with these rules before one VM; others stand behind it too unless told otherwise. */
export function ground(rules: readonly SecurityRule[], change: Partial<Ground> = {}): Ground {
  return { rules, addresses: [OURS], adminAddresses: ADMINS, tag: 'abc', shared: true, ...change };
}
