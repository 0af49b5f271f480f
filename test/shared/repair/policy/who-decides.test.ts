import { asksApproval } from '../../../../shared/repair/policy/approval.ts';
import { sourceNameOf, sourceNameSchema } from '../../../../shared/repair/policy/caps.ts';
import { explain } from '../../../../shared/repair/policy/explain.ts';
import { factsOfRequest, type PolicyFacts } from '../../../../shared/repair/policy/facts.ts';
import { describeWindows, inMaintenanceWindow } from '../../../../shared/repair/policy/maintenance.ts';
import { policySchema } from '../../../../shared/repair/policy/schema.ts';
import { optionsSchema } from '../../../../shared/model/request.ts';

type PolicyInput = Parameters<typeof policySchema.parse>[0];

const NOW = Date.parse('2026-03-01T12:00:00Z');
const FACTS = factsOfRequest({
  vmId: '/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg/providers/microsoft.compute/virtualmachines/vm',
  mode: 'full',
  options: optionsSchema.parse({}),
  source: 'caller',
  now: NOW,
});

function decide(policy: PolicyInput, facts: Partial<PolicyFacts> = {}) {
  return explain(policySchema.parse(policy), { ...FACTS, ...facts });
}

describe('A person is asked', () => {
  it.each<[string, PolicyInput, PolicyFacts['mode'], 'offline' | 'restart', boolean]>([
    ['before a VM of this mode is taken offline', { approval: { modes: ['full'] } }, 'full', 'offline', true],
    ['not before it is restarted', { approval: { modes: ['full'] } }, 'full', 'restart', false],
    [
      'before a restart by this sender',
      { sources: { caller: { approval: ['restart'] } } },
      'online',
      'restart',
      true,
    ],
    [
      'not for what the mode never comes to',
      { sources: { caller: { approval: ['offline'] } } },
      'online',
      'offline',
      false,
    ],
    ['not for a look', { sources: { caller: { approval: ['restart'] } } }, 'diagnose', 'restart', false],
  ])('%s', (_what, policy, mode, disruption, asked) => {
    expect(asksApproval(policySchema.parse(policy), { mode, source: 'caller' }, disruption)).toBe(asked);
  });

  it('and told before what', () => {
    const { decidedBy } = decide({
      approval: { modes: ['full'] },
      sources: { caller: { approval: ['restart'] } },
    });
    expect(decidedBy?.reason).toContain('restarted, or before it is taken offline');
  });
});

describe('A sender gets what the policy gives its kind', () => {
  it('the queue what it gives the queue, not what it gives tickets', () => {
    const sources = { queue: { modes: ['diagnose' as const] }, ticket: { modes: ['full' as const] } };
    expect(decide({ sources }, { source: 'queue' }).decidedBy?.rule).toBe('source-mode');
    expect(decide({ sources }, { source: 'ticket' }).decision).toBe('allowed');
  });

  it.each([
    [{ kind: 'manual' as const }, 'caller'],
    [{ kind: 'ticket' as const, name: 'jira' }, 'ticket:jira'],
    [{ kind: 'ticket' as const }, 'ticket'],
    [{ kind: 'alert' as const, name: 'rule' }, 'alert'],
  ])('%j is %s', (source, name) => {
    expect(sourceNameOf(source)).toBe(name);
  });

  it.each([
    ['alert', true],
    ['ticket', true],
    ['ticket:jira', true],
    ['ticket:', false],
    ['ticket:Jira', false],
    ['the operator', false],
    ['operators', false],
    [7, false],
    [['alert'], false],
  ])('%j names one: %s', (name, is) => {
    expect(sourceNameSchema.safeParse(name).success).toBe(is);
  });

  it.each<[string, PolicyInput, PolicyFacts['options']['acceptLosses'], string]>([
    [
      'what the owner accepts too',
      { defaults: { options: { acceptLosses: ['extensions'] } } },
      ['extensions'],
      'allowed',
    ],
    ['more than the owner', {}, ['extensions'], 'refused'],
    [
      'more, where rebuilds may be requested',
      { sources: { caller: { restoreWays: ['rebuild'] } } },
      ['extensions'],
      'allowed',
    ],
  ])('a loss may be accepted: %s', (_what, policy, acceptLosses, decision) => {
    const options = { ...FACTS.options, acceptLosses };
    expect(decide(policy, { options }).decision).toBe(decision);
  });
});

describe('A sender is told', () => {
  it.each<[PolicyFacts['mode'][], string]>([
    [[], 'caller may request nothing, not "full"'],
    [['online', 'diagnose'], 'caller may request online, diagnose, not "full"'],
  ])('which modes it may request: %j', (modes, reason) => {
    expect(decide({ sources: { caller: { modes } } }).decidedBy?.reason).toBe(reason);
  });

  it('what it may not set', () => {
    const options = { ...FACTS.options, legacyTls: true, peerVmId: FACTS.vmId };
    expect(decide({}, { options }).decidedBy?.reason).toBe('caller may not set legacyTls, peerVmId');
  });

  it('whom it may not let in', () => {
    const options = { ...FACTS.options, adminAddresses: ['203.0.113.7', '203.0.113.8'] };
    expect(decide({}, { options }).decidedBy?.reason).toBe(
      'caller may not allow access from 203.0.113.7, 203.0.113.8',
    );
  });

  it('which losses it may not accept', () => {
    const options = {
      ...FACTS.options,
      acceptLosses: ['extensions' as const, 'system-assigned-identity' as const],
    };
    expect(decide({}, { options }).decidedBy?.reason).toBe(
      'caller may not accept the loss of extensions, system-assigned-identity',
    );
  });
});

it('a subscription is known in whichever case its letters are', () => {
  const subscription = 'abcdef00-0000-4000-8000-00000000abcd';
  const vmId = FACTS.vmId.replace(/subscriptions\/[^/]+/, `subscriptions/${subscription}`);
  for (const one of [subscription, subscription.toUpperCase()])
    expect(decide({ scope: { subscriptions: [one] } }, { vmId }).decision).toBe('allowed');
});

describe('Maintenance windows', () => {
  const windows = [
    { days: ['sat' as const, 'sun' as const], from: '12:10', to: '12:30' },
    { days: ['sun' as const], from: '12:40', to: '13:00' },
  ];
  const maintenance = policySchema.parse({ maintenance: { windows } }).maintenance;
  const at = (time: string): number => Date.parse(`2026-03-01T${time}:00Z`);

  it.each([
    ['12:09', false],
    ['12:10', true],
    ['12:29', true],
    ['12:30', false],
    ['12:40', true],
    ['13:00', false],
  ])('any of them is enough, to the minute: %s %s', (time, open) => {
    expect(inMaintenanceWindow(maintenance, at(time))).toBe(open);
  });

  it('leave no gap while a VM is down', () => {
    expect(inMaintenanceWindow(maintenance, at('12:15'), at('12:29'))).toBe(true);
    expect(inMaintenanceWindow(maintenance, at('12:15'), at('12:45'))).toBe(false);
  });

  it('are told in words', () => {
    expect(describeWindows(maintenance)).toBe('sat, sun 12:10-12:30; sun 12:40-13:00 (UTC)');
  });
});

describe('A limit says when to come back', () => {
  it('once the oldest of too many attempts is a day old, in whichever order they are noted', () => {
    const started = [3, 20, 9].map((hours) => new Date(NOW - hours * 3_600_000).toISOString());
    const { decidedBy } = decide(
      { limits: { attemptsPerDay: 2, coolDownMinutes: 0 } },
      { attempts: started.map((startedAt) => ({ startedAt, endedAt: startedAt })) },
    );
    expect(decidedBy).toMatchObject({ code: 'TooManyAttempts', retryAfterSeconds: (24 - 9) * 3600 });
  });

  it('not to a look, which changes nothing', () => {
    const attempts = [{ startedAt: new Date(NOW).toISOString() }];
    const limits = { attemptsPerDay: 1, coolDownMinutes: 60 };
    expect(decide({ limits }, { mode: 'diagnose', attempts }).decision).toBe('allowed');
    expect(decide({ limits: { ...limits, attemptsPerDay: 9 } }, { attempts }).decidedBy?.code).toBe(
      'CoolDown',
    );
  });

  it('of windows by its code, and says whether the window is closed or too short', () => {
    const closed = [{ days: ['mon' as const], from: '01:00', to: '02:00' }];
    expect(decide({ maintenance: { windows: closed } }).decidedBy).toMatchObject({
      code: 'OutsideMaintenanceWindow',
      reason: 'outside the maintenance windows mon 01:00-02:00 (UTC)',
    });
    const short = [{ days: ['sun' as const], from: '11:00', to: '12:30' }];
    const tooShort = decide({ maintenance: { windows: short } }, { until: NOW + 3_600_000 }).decidedBy;
    expect(tooShort?.code).toBe('OutsideMaintenanceWindow');
    expect(tooShort?.reason).toContain('too short');
  });

  it('of looks by its code', () => {
    const looks = [{ startedAt: new Date(NOW).toISOString() }];
    expect(decide({}, { source: 'alert', looks }).decidedBy).toMatchObject({
      rule: 'look-cool-down',
      code: 'CoolDown',
    });
  });
});
