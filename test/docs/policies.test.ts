import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { modeSchema, optionsSchema } from '../../shared/model/request.ts';
import type { SourceName } from '../../shared/repair/policy/caps.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import type { PolicyFacts } from '../../shared/repair/policy/facts.ts';
import { loadAuthority } from '../../shared/repair/policy/load.ts';

const FOLDER = join(import.meta.dirname, '../../docs/policies');
const CONTRACTED = '11111111-1111-4111-8111-111111111111';
const SUNDAY_NOON = Date.parse('2026-03-01T12:00:00Z');
const MONDAY_NIGHT = Date.parse('2026-03-02T23:00:00Z');

/** @param auth how callers sign in; who approves depends on it */
function load(name: string, auth: 'key' | 'entra' = 'entra') {
  const config = { faults: [], auth, approverSecret: 'the secret of approvers' };
  return loadAuthority({ RDP_MEDIC_POLICY: join(FOLDER, name) }, config, ['servicenow']);
}

interface Asked extends Partial<Omit<PolicyFacts, 'options'>> {
  group?: string;
  subscription?: string;
  options?: object;
}

function decide(
  file: string,
  { group = 'rg-app-web', subscription = CONTRACTED, options = {}, ...asked }: Asked,
): string {
  const { policy } = load(file);
  const { decision, decidedBy } = explain(policy, {
    vmId: `/subscriptions/${subscription}/resourcegroups/${group}/providers/microsoft.compute/virtualmachines/web`,
    source: 'caller',
    mode: 'full',
    options: optionsSchema.parse({ ...policy.defaults.options, ...options }),
    tags: {},
    now: SUNDAY_NOON,
    attempts: [],
    looks: [],
    startedThisHour: 0,
    running: 0,
    ...asked,
  });
  return decidedBy ? `${decision} by ${decidedBy.rule}` : decision;
}

describe('The policies of docs/policies', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))('%s closes no door', (name) => {
    expect(load(name).closed).toBeUndefined();
  });
});

describe('One team', () => {
  it.each<[string, Asked, string]>([
    ['an alert repairs while the VM runs', { source: 'alert', mode: 'online' }, 'allowed'],
    ['an alert takes no VM down', { source: 'alert' }, 'refused by source-mode'],
    [
      'an alert restarts nothing on a Sunday',
      { source: 'alert', mode: 'online', disrupts: 'restart' },
      'refused by maintenance-window',
    ],
    [
      'an alert restarts at night',
      { source: 'alert', mode: 'online', disrupts: 'restart', now: MONDAY_NIGHT },
      'allowed',
    ],
    ['a ticket repairs nothing', { source: 'ticket:jira', mode: 'online' }, 'refused by source-mode'],
    ['a message starts nothing', { source: 'queue', mode: 'diagnose' }, 'refused by source-mode'],
    ['a caller waits for a yes', {}, 'allowed-after-approval by approval'],
    ['payment systems are left alone', { group: 'rg-app-payments' }, 'refused by resource-group'],
    ['so is what is not the team’s', { group: 'rg-hub' }, 'refused by resource-group'],
    [
      'nobody is let in but the team’s network',
      { options: { adminAddresses: ['203.0.113.7'] } },
      'refused by source-addresses',
    ],
  ])('%s', (_what, asked, expected) => {
    expect(decide('one-team.json', asked)).toBe(expected);
  });
  it('works with keys', () => {
    expect(load('one-team.json', 'key').closed).toBeUndefined();
  });
});

describe('A service provider', () => {
  const tags = { 'rdp-medic': 'enabled' };
  it.each<[string, Asked, string]>([
    [
      'a ticket of its own system',
      { source: 'ticket:servicenow', tags },
      'allowed-after-approval by approval',
    ],
    [
      'a restart by one',
      { source: 'ticket:servicenow', mode: 'online', tags },
      'allowed-after-approval by approval',
    ],
    [
      'a ticket of another system',
      { source: 'ticket:generic', mode: 'diagnose', tags },
      'refused by source-mode',
    ],
    ['a customer who has not opted in', { source: 'ticket:servicenow' }, 'refused by opt-in-tag'],
    [
      'somebody without a contract',
      { source: 'ticket:servicenow', tags, subscription: '33333333-3333-4333-8333-333333333333' },
      'refused by subscription',
    ],
    ['an alert', { source: 'alert', mode: 'online', tags }, 'refused by source-mode'],
    [
      'a peer',
      {
        source: 'operator',
        tags,
        options: {
          peerVmId: `/subscriptions/${CONTRACTED}/resourceGroups/a/providers/Microsoft.Compute/virtualMachines/b`,
        },
      },
      'refused by peer',
    ],
  ])('%s', (_what, asked, expected) => {
    expect(decide('service-provider.json', asked)).toBe(expected);
  });
  it('cannot work with keys: two people have to approve', () => {
    expect(load('service-provider.json', 'key').closed).toMatch(/approvers/);
  });
});

describe('Only diagnosis', () => {
  const SOURCES: SourceName[] = ['alert', 'ticket:jira', 'queue', 'caller', 'operator'];
  it.each(SOURCES)('%s gets that and nothing else', (source) => {
    for (const mode of modeSchema.options)
      expect(decide('only-diagnosis.json', { source, mode })).toBe(
        mode === 'diagnose' ? 'allowed' : 'refused by source-mode',
      );
  });
});
