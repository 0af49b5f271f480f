import { optionsSchema } from '../../../../shared/model/request.ts';
import type { SourceName } from '../../../../shared/repair/policy/caps.ts';
import { defaultsFor } from '../../../../shared/repair/policy/defaults.ts';
import { explain } from '../../../../shared/repair/policy/explain.ts';
import type { PolicyFacts } from '../../../../shared/repair/policy/facts.ts';
import { NO_POLICY, policySchema, type Policy } from '../../../../shared/repair/policy/schema.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const VM_ID =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg-fleet/providers/microsoft.compute/virtualmachines/tls';
const SOURCES: SourceName[] = ['alert', 'ticket', 'ticket:jira', 'queue', 'caller', 'operator'];

type PolicyInput = Parameters<typeof policySchema.parse>[0];
type Asked = Partial<Omit<PolicyFacts, 'options'>> & { options?: object };

function decide(policy: Policy, { options = {}, ...asked }: Asked): string {
  const facts: PolicyFacts = {
    vmId: VM_ID,
    source: 'caller',
    mode: 'full',
    options: optionsSchema.parse({ ...policy.defaults.options, ...options }),
    tags: {},
    now: NOW,
    attempts: [],
    looks: [],
    startedThisHour: 0,
    running: 0,
    ...asked,
  };
  const { decision, decidedBy } = explain(policy, facts);
  return decidedBy ? `${decision} by ${decidedBy.rule}` : decision;
}
const under = (policy: PolicyInput, asked: Asked): string => decide(policySchema.parse(policy), asked);

describe('Without a policy', () => {
  it.each<[SourceName, string]>([
    ['alert', 'refused by source-mode'],
    ['ticket', 'refused by source-mode'],
    ['ticket:jira', 'refused by source-mode'],
    ['queue', 'refused by source-mode'],
    ['caller', 'allowed'],
    ['operator', 'allowed'],
  ])('%s asking for a diagnosis: %s', (source, expected) => {
    expect(decide(NO_POLICY, { source, mode: 'diagnose' })).toBe(expected);
  });
  it.each(SOURCES)('%s gets nothing else', (source) => {
    for (const mode of ['online', 'rehearse', 'full'] as const)
      expect(decide(NO_POLICY, { source, mode })).toBe('refused by source-mode');
  });
});

describe('A policy that says nothing of sources', () => {
  it.each<[SourceName, object, string]>([
    ['alert', { restoreWay: 'rebuild' }, 'refused by source-restore-way'],
    ['alert', { legacyTls: true }, 'refused by source-options'],
    ['ticket:generic', { keepDays: 90 }, 'refused by source-options'],
    ['ticket:generic', { adminAddresses: ['203.0.113.66'] }, 'refused by source-addresses'],
    ['ticket:generic', { peerVmId: VM_ID }, 'refused by source-options'],
    ['queue', { acceptLosses: ['extensions'] }, 'refused by accepted-losses'],
    ['caller', { restoreWay: 'rebuild' }, 'refused by source-restore-way'],
    ['caller', { adminAddresses: ['203.0.113.66'] }, 'refused by source-addresses'],
    ['caller', { keepDays: 9, newRdpPort: 3390 }, 'allowed'],
    ['operator', { restoreWay: 'rebuild', legacyTls: true, adminAddresses: ['203.0.113.66'] }, 'allowed'],
    ['operator', { peerVmId: VM_ID }, 'refused by peer'],
  ])('%s asking for %j: %s', (source, options, expected) => {
    expect(under({}, { source, options })).toBe(expected);
  });
});

describe('What the owner has made the default', () => {
  const defaults = {
    options: { adminAddresses: ['198.51.100.0/24'], restoreWay: 'rebuild' as const, legacyTls: true },
  };
  it.each(SOURCES)('is given to %s whatever its cap', (source) => {
    expect(under({ defaults }, { source })).toBe('allowed');
  });
  it('may be asked for in part, but not beyond', () => {
    const asking = (adminAddresses: string[]): string =>
      under({ defaults }, { source: 'ticket:jira', options: { adminAddresses } });
    expect(asking(['198.51.100.7'])).toBe('allowed');
    expect(asking(['198.51.100.7', '198.51.101.7'])).toBe('refused by source-addresses');
    expect(asking(['198.51.0.0/16'])).toBe('refused by source-addresses');
    expect(asking(['::ffff:198.51.101.7'])).toBe('refused by source-addresses');
  });
});

describe('A cap', () => {
  const sources = {
    ticket: { modes: ['diagnose' as const] },
    connectors: { jira: { modes: ['online' as const], addresses: ['10.0.0.0/8'], perHour: 3 } },
  };
  it.each<[string, Asked, string]>([
    ['of all ticket systems', { source: 'ticket:zendesk', mode: 'online' }, 'refused by source-mode'],
    ['of one', { source: 'ticket:jira', mode: 'online' }, 'allowed'],
    [
      'of one, which is not more than it says',
      { source: 'ticket:jira', mode: 'full' },
      'refused by source-mode',
    ],
    [
      'of addresses',
      { source: 'ticket:jira', mode: 'online', options: { adminAddresses: ['10.1.2.3'] } },
      'allowed',
    ],
    ['of an hour, not used up', { source: 'ticket:jira', mode: 'online', startedThisHour: 2 }, 'allowed'],
    ['of an hour', { source: 'ticket:jira', mode: 'online', startedThisHour: 3 }, 'wait by source-rate'],
    ['of another source', { source: 'alert' }, 'allowed'],
  ])('%s', (_what, asked, expected) => {
    expect(under({ sources }, asked)).toBe(expected);
  });

  it('lowers how far a source goes that does not say, and never raises it', () => {
    const policy = policySchema.parse({ sources, defaults: { mode: 'full' } });
    expect(defaultsFor(policy, 'ticket:jira').mode).toBe('online');
    expect(defaultsFor(policy, 'ticket:zendesk').mode).toBe('diagnose');
    expect(defaultsFor(policy, 'alert').mode).toBe('full');
    const modest = policySchema.parse({ defaults: { mode: 'diagnose' } });
    expect(defaultsFor(modest, 'operator').mode).toBe('diagnose');
  });
});

describe('Restart and offline repair by source', () => {
  const asks = { sources: { alert: { approval: ['offline' as const, 'restart' as const] } } };
  it.each<[string, Asked, string]>([
    ['an alert', { source: 'alert' }, 'allowed-after-approval by approval'],
    ['an alert that may restart', { source: 'alert', mode: 'online' }, 'allowed-after-approval by approval'],
    ['an alert that only looks', { source: 'alert', mode: 'diagnose' }, 'allowed'],
    ['an alert that rehearses', { source: 'alert', mode: 'rehearse' }, 'allowed'],
    ['an operator', { source: 'operator' }, 'allowed'],
  ])('approval: %s', (_what, asked, expected) => {
    expect(under(asks, asked)).toBe(expected);
  });

  const bound = {
    maintenance: { windows: [{ days: ['mon' as const], from: '01:00', to: '02:00' }], modes: [] },
    sources: { alert: { window: ['restart' as const] } },
  };
  it.each<[string, Asked, string]>([
    ['when it starts', { source: 'alert' }, 'allowed'],
    ['before a restart', { source: 'alert', disrupts: 'restart' }, 'refused by maintenance-window'],
    ['before it goes offline', { source: 'alert', disrupts: 'offline' }, 'allowed'],
    ['a restart that somebody else asked for', { source: 'caller', disrupts: 'restart' }, 'allowed'],
  ])('window: %s', (_what, asked, expected) => {
    expect(under(bound, asked)).toBe(expected);
  });
});

describe('A VM at which there was nothing to do', () => {
  const looks = [{ startedAt: ago(12), endedAt: ago(9) }];
  it.each<[SourceName, string]>([
    ['alert', 'refused by look-cool-down'],
    ['ticket:jira', 'refused by look-cool-down'],
    ['queue', 'refused by look-cool-down'],
    ['caller', 'allowed'],
  ])('rests before it is looked at again for %s: %s', (source, expected) => {
    expect(under({}, { source, looks })).toBe(expected);
    expect(under({}, { source, looks, mode: 'diagnose' })).toBe(expected);
  });
  it('but not for ever', () => {
    expect(under({}, { source: 'alert', looks: [{ startedAt: ago(12), endedAt: ago(10) }] })).toBe('allowed');
    expect(under({ limits: { lookCoolDownMinutes: 0 } }, { source: 'alert', looks })).toBe('allowed');
  });
});
