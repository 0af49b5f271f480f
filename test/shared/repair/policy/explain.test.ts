import { explain } from '../../../../shared/repair/policy/explain.ts';
import { RULE_IDS, type PolicyFacts } from '../../../../shared/repair/policy/facts.ts';
import { DEFAULT_POLICY, policySchema, type Policy } from '../../../../shared/repair/policy/schema.ts';

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
const NOW = Date.parse('2026-03-01T12:00:00Z'); // a Sunday
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

const FACTS: PolicyFacts = {
  vmId: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-fleet/providers/microsoft.compute/virtualmachines/tls`,
  tags: {},
  mode: 'full',
  now: NOW,
  attempts: [],
  running: 0,
};
type PolicyInput = Parameters<typeof policySchema.parse>[0];
const policyOf = (input: PolicyInput): Policy => policySchema.parse(input);

/** The decision, and the rule behind it. */
function decide(policy: PolicyInput, facts: Partial<PolicyFacts> = {}): string {
  const { decision, decidedBy } = explain(policyOf(policy), { ...FACTS, ...facts });
  return decidedBy ? `${decision} by ${decidedBy.rule}` : decision;
}

describe('The default policy', () => {
  it('allows every VM that the service can read', () => {
    expect(explain(DEFAULT_POLICY, FACTS).decision).toBe('allowed');
  });
  it('lets a VM opt out', () => {
    expect(decide({}, { tags: { 'rdp-medic': 'disabled' } })).toBe('refused by opt-out-tag');
  });
});

describe('Each rule, row by row', () => {
  it.each<[string, PolicyInput, Partial<PolicyFacts>, string]>([
    ['kill switch on', { killSwitch: true }, {}, 'refused by kill-switch'],
    [
      'another subscription',
      { scope: { subscriptions: ['11111111-1111-4111-8111-111111111111'] } },
      {},
      'refused by subscription',
    ],
    [
      'its subscription, in capitals',
      { scope: { subscriptions: [SUBSCRIPTION.toUpperCase()] } },
      {},
      'allowed',
    ],
    ['no subscription at all', { scope: { subscriptions: [] } }, {}, 'refused by subscription'],
    ['its group', { scope: { resourceGroups: ['RG-Fleet'] } }, {}, 'allowed'],
    ['its group by pattern', { scope: { resourceGroups: ['rg-*'] } }, {}, 'allowed'],
    [
      'a group whose name goes on',
      { scope: { resourceGroups: ['rg-fle'] } },
      {},
      'refused by resource-group',
    ],
    [
      'a period that stands for itself',
      { scope: { resourceGroups: ['rg.fleet'] } },
      {},
      'refused by resource-group',
    ],
    ['an excluded group', { scope: { excludedResourceGroups: ['*fleet'] } }, {}, 'refused by resource-group'],
    ['opted out in odd case', {}, { tags: { 'RDP-Medic': ' Disabled ' } }, 'refused by opt-out-tag'],
    ['opt-in missing', { tag: { required: true } }, {}, 'refused by opt-in-tag'],
    ['opt-in given', { tag: { required: true } }, { tags: { 'rdp-medic': 'enabled' } }, 'allowed'],
    [
      'opt-in with another value',
      { tag: { required: true } },
      { tags: { 'rdp-medic': 'yes' } },
      'refused by opt-in-tag',
    ],
    [
      'opt-in by another tag',
      { tag: { name: 'repair', required: true } },
      { tags: { repair: 'enabled' } },
      'allowed',
    ],
    [
      'the day’s attempts used',
      {},
      { attempts: [400, 800, 1200].map((at) => ({ startedAt: ago(at), endedAt: ago(at - 20) })) },
      'refused by attempts-per-day',
    ],
    [
      'one of them a day old',
      {},
      { attempts: [400, 800, 1440].map((at) => ({ startedAt: ago(at), endedAt: ago(at - 20) })) },
      'allowed',
    ],
    [
      'an attempt just over',
      {},
      { attempts: [{ startedAt: ago(50), endedAt: ago(29) }] },
      'refused by cool-down',
    ],
    ['an attempt long over', {}, { attempts: [{ startedAt: ago(50), endedAt: ago(30) }] }, 'allowed'],
    ['an attempt that was lost', {}, { attempts: [{ startedAt: ago(10) }] }, 'refused by cool-down'],
    [
      'no cool-down',
      { limits: { coolDownMinutes: 0 } },
      { attempts: [{ startedAt: ago(1), endedAt: ago(0) }] },
      'allowed',
    ],
    [
      'a mere diagnosis in the cool-down',
      {},
      { mode: 'diagnose', attempts: [{ startedAt: ago(1) }] },
      'allowed',
    ],
    ['the last free place', {}, { running: 9 }, 'allowed'],
    ['no free place', {}, { running: 10 }, 'wait by concurrency'],
    ['approval for the mode', { approval: { modes: ['full'] } }, {}, 'allowed-after-approval by approval'],
    ['approval for another mode', { approval: { modes: ['online'] } }, {}, 'allowed'],
  ])('%s', (_what, policy, facts, expected) => {
    expect(decide(policy, facts)).toBe(expected);
  });

  it('says when to come back', () => {
    const cooling = explain(DEFAULT_POLICY, {
      ...FACTS,
      attempts: [{ startedAt: ago(30), endedAt: ago(20) }],
    });
    expect(cooling.decidedBy).toMatchObject({ code: 'CoolDown', retryAfterSeconds: 600 });
    const attempts = [400, 800, 1200].map((at) => ({ startedAt: ago(at), endedAt: ago(at - 20) }));
    expect(explain(DEFAULT_POLICY, { ...FACTS, attempts }).decidedBy).toMatchObject({
      code: 'TooManyAttempts',
      retryAfterSeconds: 240 * 60,
    });
  });
});

describe('The opt-out', () => {
  it('wins over the opt-in', () => {
    const both = { tags: { 'rdp-medic': 'disabled', 'RDP-MEDIC': 'enabled' } };
    expect(decide({ tag: { required: true } }, both)).toBe('refused by opt-out-tag');
  });
});

describe('Maintenance windows', () => {
  const nightly = {
    maintenance: {
      timeZone: 'Europe/Zurich',
      windows: [{ days: ['sat' as const], from: '22:00', to: '04:00' }],
    },
  };
  const at = (moment: string): { now: number } => ({ now: Date.parse(moment) });

  it.each([
    ['before it opens', '2026-02-28T20:59:00Z', 'refused by maintenance-window'],
    ['when it opens, local time', '2026-02-28T21:00:00Z', 'allowed'],
    ['after midnight, which is Sunday', '2026-03-01T02:59:00Z', 'allowed'],
    ['when it closes', '2026-03-01T03:00:00Z', 'refused by maintenance-window'],
    ['in the night before', '2026-02-28T01:00:00Z', 'refused by maintenance-window'],
    ['in summer time', '2026-07-04T20:00:00Z', 'allowed'],
  ])('%s', (_when, moment, expected) => {
    expect(decide(nightly, at(moment))).toBe(expected);
  });

  const sundays = (from: string, to: string) => ({
    maintenance: { timeZone: 'Europe/Zurich', windows: [{ days: ['sun' as const], from, to }] },
  });

  it.each([
    ['before it begins', '2026-03-01T08:59:00Z', 'refused by maintenance-window'],
    ['when it begins', '2026-03-01T09:00:00Z', 'allowed'],
    ['in its last minute', '2026-03-01T10:59:59Z', 'allowed'],
    ['when it ends', '2026-03-01T11:00:00Z', 'refused by maintenance-window'],
    ['on another day', '2026-03-02T10:00:00Z', 'refused by maintenance-window'],
    ['by the local hour in summer', '2026-07-05T08:00:00Z', 'allowed'],
    ['on the day on which the clocks go forward', '2026-03-29T08:00:00Z', 'allowed'],
  ])('within one day: %s', (_when, moment, expected) => {
    expect(decide(sundays('10:00', '12:00'), at(moment))).toBe(expected);
  });

  it.each([
    ['before it begins', '2026-03-01T08:59:00Z', 'refused by maintenance-window'],
    ['when it begins', '2026-03-01T09:00:00Z', 'allowed'],
    ['in its last minute, on the next day', '2026-03-02T08:59:00Z', 'allowed'],
    ['when it ends', '2026-03-02T09:00:00Z', 'refused by maintenance-window'],
  ])('from an hour to the same hour last a day: %s', (_when, moment, expected) => {
    expect(decide(sundays('10:00', '10:00'), at(moment))).toBe(expected);
  });

  it('bind only the modes they name', () => {
    expect(decide(nightly, { mode: 'online' })).toBe('allowed');
    const all = { maintenance: { ...nightly.maintenance, modes: ['diagnose' as const, 'online' as const] } };
    expect(decide(all, { mode: 'online' })).toBe('refused by maintenance-window');
    expect(decide(all, { mode: 'full' })).toBe('allowed');
  });
});

describe('An explanation', () => {
  it('has a verdict and a reason for every rule, also after the one that decided', () => {
    const { verdicts } = explain(policyOf({ killSwitch: true }), FACTS);
    expect(verdicts.map(({ rule }) => rule)).toEqual([...RULE_IDS]);
    for (const { reason } of verdicts) expect(reason.length).toBeGreaterThan(5);
  });
  it('puts refusing before waiting, and waiting before asking', () => {
    const asks = { approval: { modes: ['full' as const] } };
    expect(decide(asks, { running: 10 })).toBe('wait by concurrency');
    expect(decide({ ...asks, killSwitch: true }, { running: 10 })).toBe('refused by kill-switch');
  });
});
