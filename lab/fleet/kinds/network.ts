import type { VmSpec } from '../../arm/vm-spec.ts';
import { asItIs, neighbour, REPAIRED, type KindGroup } from './kind.ts';

/** The service and the administrators come through a gateway. */
const WITHOUT_PUBLIC_ADDRESS = { publicIp: false, reachedFrom: ['198.51.100.0/24'] } as const;

/** Its network cards. */
export const CARDS: KindGroup = {
  name: 'cards',
  title: 'Network interfaces',
  kinds: [
    { name: 'one-card', title: 'One', dress: asItIs, swap: REPAIRED, rebuild: REPAIRED, note: '' },
    {
      name: 'two-cards',
      title: 'Two',
      dress: (spec) => ({ ...spec, otherNics: [{ name: 'back-nic' }] }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'The rescue VM is created in the subnet of the primary one.',
    },
    {
      name: 'primary-second',
      title: 'Two, the primary one listed second',
      dress: (spec) => ({
        ...spec,
        ...WITHOUT_PUBLIC_ADDRESS,
        otherNics: [{ name: 'front-nic', primary: true }],
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'As above.',
    },
    {
      name: 'accelerated',
      title: 'Accelerated networking',
      dress: (spec) => ({ ...spec, nicSettings: { ...spec.nicSettings, enableAcceleratedNetworking: true } }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Fewer hosts support such a VM: the plan says so. The rescue VM does not use it.',
    },
    {
      name: 'ipv6',
      title: 'IPv4 and IPv6',
      dress: (spec) => ({ ...spec, ipv6: true }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
  ],
};

function behind(spec: VmSpec, type: 'loadBalancers' | 'applicationGateways'): { id: string }[] {
  return [{ id: neighbour(spec, `Microsoft.Network/${type}`, 'front/backendAddressPools/vms') }];
}

/** How it is reached. */
export const FRONT: KindGroup = {
  name: 'front',
  title: 'How it is reached',
  kinds: [
    { name: 'public', title: 'Public address', dress: asItIs, swap: REPAIRED, rebuild: REPAIRED, note: '' },
    {
      name: 'load-balancer',
      title: 'Load balancer: back end and inbound NAT rule',
      dress: (spec) => ({
        ...spec,
        ...WITHOUT_PUBLIC_ADDRESS,
        ipSettings: {
          ...spec.ipSettings,
          loadBalancerBackendAddressPools: behind(spec, 'loadBalancers'),
          loadBalancerInboundNatRules: [
            { id: neighbour(spec, 'Microsoft.Network/loadBalancers', `front/inboundNatRules/${spec.name}`) },
          ],
        },
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Pools and rules refer to its network interface, which does not change.',
    },
    {
      name: 'gateway',
      title: 'Application gateway',
      dress: (spec) => ({
        ...spec,
        ...WITHOUT_PUBLIC_ADDRESS,
        ipSettings: {
          ...spec.ipSettings,
          applicationGatewayBackendAddressPools: behind(spec, 'applicationGateways'),
        },
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'As above.',
    },
    {
      name: 'security-groups',
      title: 'Application security groups',
      dress: (spec) => ({
        ...spec,
        ipSettings: {
          ...spec.ipSettings,
          applicationSecurityGroups: [
            { id: neighbour(spec, 'Microsoft.Network/applicationSecurityGroups', 'web') },
          ],
        },
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'As above.',
    },
    {
      name: 'bastion-only',
      title: 'Bastion only, no public address',
      dress: (spec) => ({ ...spec, ...WITHOUT_PUBLIC_ADDRESS }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'RDP is checked at the private address if there is a route (`RDP_MEDIC_PRIVATE_ROUTE`).',
    },
  ],
};
