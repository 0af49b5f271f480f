import type { Inspection } from '../../../shared/model/inspection.ts';
import { optionsSchema } from '../../../shared/model/request.ts';
import { whyNoPeer } from '../../../shared/repair/peer.ts';
import { policySchema } from '../../../shared/repair/policy/schema.ts';
import { inspectionOf } from './inspections.ts';

const ids = (name: string, group = 'rg-fleet', subscription = '00000000-0000-4000-8000-000000000001') =>
  `/subscriptions/${subscription}/resourcegroups/${group}/providers/microsoft.compute/virtualmachines/${name}`;
const subnet = (network: string): string =>
  `/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/${network}/subnets/servers`;

const VM = inspectionOf({ vmId: ids('broken'), nics: nicIn(subnet('vnet-a')) });
const PEER = inspectionOf({
  vmId: ids('peer'),
  nics: nicIn(subnet('VNET-A').replace('servers', 'others')),
  tags: { 'rdp-medic-peer': 'willing' },
});

function nicIn(subnetId: string | null): Inspection['nics'] {
  return [
    {
      id: 'nic',
      subnetId,
      networkSecurityGroupId: null,
      privateAddress: '10.0.0.4',
      publicAddress: null,
      dynamicPublicAddress: false,
    },
  ];
}

function ask(peer: Partial<Inspection>, policy: object = {}, vm: Partial<Inspection> = {}): string {
  return (
    whyNoPeer(
      policySchema.parse({ peers: { allowed: true }, ...policy }),
      { ...VM, ...vm },
      { ...PEER, ...peer },
      {
        vmId: VM.vmId,
        source: 'caller',
        mode: 'full',
        options: optionsSchema.parse({ peerVmId: PEER.vmId }),
        tags: {},
        now: Date.parse('2026-03-01T12:00:00Z'),
        attempts: [],
        looks: [],
        startedThisHour: 0,
        running: 0,
      },
    ) ?? 'willing'
  );
}

describe('A peer', () => {
  it('helps where it is lent, in scope, and on the same network', () => {
    expect(ask({})).toBe('willing');
  });

  it.each<[string, Partial<Inspection>, object, RegExp]>([
    ['the policy allows none', {}, { peers: { allowed: false } }, /does not allow peers/],
    [
      'another customer’s',
      { vmId: ids('peer', 'rg-fleet', '11111111-1111-4111-8111-111111111111') },
      { scope: { subscriptions: ['00000000-0000-4000-8000-000000000001'] } },
      /subscription/,
    ],
    [
      'of an excluded group',
      { vmId: ids('peer', 'rg-hsm') },
      { scope: { excludedResourceGroups: ['rg-hsm'] } },
      /excluded/,
    ],
    ['opted out', { tags: { ...PEER.tags, 'rdp-medic': 'disabled' } }, {}, /opted out/],
    ['not lent', { tags: {} }, {}, /not allowed it with the tag rdp-medic-peer: willing/],
    ['lent by another word', { tags: { 'rdp-medic-peer': 'no' } }, {}, /not allowed it/],
    ['of another network with the same addresses', { nics: nicIn(subnet('vnet-b')) }, {}, /virtual network/],
    ['of no known network', { nics: nicIn(null) }, {}, /virtual network/],
    ['the VM itself', { vmId: VM.vmId }, {}, /itself/],
    ['stopped', { powerState: 'deallocated' }, {}, /not a running Windows/],
    ['not Windows', { osType: 'Linux' }, {}, /not a running Windows/],
    ['without an agent', { agentReady: false }, {}, /agent/],
  ])('does not where it is %s', (_what, peer, policy, reason) => {
    expect(ask(peer, policy)).toMatch(reason);
  });

  it('does not where nobody knows on which network either of them is', () => {
    expect(ask({ nics: nicIn(null) }, {}, { nics: nicIn(null) })).toMatch(/virtual network/);
  });
});
