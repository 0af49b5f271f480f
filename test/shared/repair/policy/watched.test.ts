import { probeStateSchema } from '../../../../shared/model/probe.ts';
import { policySchema } from '../../../../shared/repair/policy/schema.ts';
import { isIll, isWatched, mayWatch, type Candidate } from '../../../../shared/repair/policy/watched.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const vm: Candidate = {
  vmId: '/subscriptions/11111111-1111-4111-8111-111111111111/resourcegroups/rg-web/providers/microsoft.compute/virtualmachines/web',
  osType: 'Windows',
  tags: { 'rdp-medic': 'enabled' },
};
const policyOf = (policy: object) => policySchema.parse(policy);

describe('the fleet watch asks', () => {
  it.each<[string, Partial<Candidate>, object, boolean]>([
    ['a VM that is opted in', {}, {}, true],
    [
      'none that is not, where no opt-in is asked for otherwise',
      { tags: {} },
      { tag: { required: false } },
      false,
    ],
    ['none that is opted out', { tags: { 'rdp-medic': 'disabled' } }, {}, false],
    [
      'a VM by the tag of the policy',
      { tags: { care: 'yes' } },
      { tag: { name: 'care', optIn: 'yes' } },
      true,
    ],
    ['no Linux', { osType: 'Linux' }, {}, false],
    ['none in an excluded group', {}, { scope: { excludedResourceGroups: ['rg-w*'] } }, false],
    ['none in another group', {}, { scope: { resourceGroups: ['rg-data'] } }, false],
    [
      'none in another subscription',
      {},
      { scope: { subscriptions: ['22222222-2222-4222-8222-222222222222'] } },
      false,
    ],
  ])('%s', (_what, change, policy, watched) => {
    expect(isWatched(policyOf(policy), { ...vm, ...change }, NOW)).toBe(watched);
  });

  it('nothing at all while the kill switch is on, or alerts may ask for nothing', () => {
    expect(mayWatch(policyOf({}))).toBe(true);
    expect(mayWatch(policyOf({ killSwitch: true }))).toBe(false);
    expect(mayWatch(policyOf({ sources: { alert: { modes: [] } } }))).toBe(false);
  });
});

it('acts upon answers of a Windows whose RDP is ill, and on nothing that a network rule or a restart may be', () => {
  const ill = probeStateSchema.options.filter((state) => isIll({ state }));
  expect(ill).toEqual([
    'no-tls',
    'not-rdp',
    'negotiation-failed',
    'tls-failed',
    'certificate-expired',
    'nla-failed',
  ]);
});
