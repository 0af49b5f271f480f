import type { SecurityRule } from '../../../shared/model/security-rule.ts';
import {
  coversPort,
  decidingAllow,
  exposedRdpRules,
  notDenied,
  openRdpRules,
  unguarded,
} from '../../../shared/repair/rdp-exposure.ts';
import { NSG, OURS, rule } from './rules.ts';

describe('a port list', () => {
  it.each([[['3389']], [['*']], [['3000-4000']], [['22', '3388-3389']]])('%j covers 3389', (ports) => {
    expect(coversPort(ports, 3389)).toBe(true);
  });
  it.each([[['3390']], [['1-3388', '3390-65535']], [[]]])('%j does not', (ports) => {
    expect(coversPort(ports, 3389)).toBe(false);
  });
});

describe('a network card', () => {
  it('is unguarded where no group stands on its way', () => {
    expect(unguarded([[NSG], []], ['one', 'two'])).toEqual(['two']);
    expect(unguarded([], ['one'])).toEqual([]);
  });
});

describe('the rules that open RDP', () => {
  it('are the inbound allows for TCP that let the Internet in, in the order Azure evaluates them', () => {
    const rules = [
      rule('wide', { priority: 400, destinationPorts: ['3000-4000'], protocol: '*' }),
      rule('rdp', { priority: 310, sources: ['10.0.0.0/8', 'Internet'] }),
      rule('office', { sources: ['203.0.113.7'] }),
      rule('web', { destinationPorts: ['443'] }),
      rule('udp', { protocol: 'Udp' }),
      rule('out', { direction: 'Outbound' }),
      rule('deny', { priority: 4000, access: 'Deny' }),
    ];
    expect(openRdpRules(rules, 3389).map(({ name }) => name)).toEqual(['rdp', 'wide']);
  });

  it('do not count behind a rule that denies everyone', () => {
    expect(openRdpRules([rule('deny', { priority: 200, access: 'Deny' }), rule('rdp')], 3389)).toEqual([]);
  });

  it('do not count behind a Deny for this VM alone, and do for another one', () => {
    const deny = rule('deny', { priority: 200, access: 'Deny', destinations: ['10.0.0.4/32'] });
    const rules = [deny, rule('rdp')];
    expect(openRdpRules(rules, 3389, [OURS])).toEqual([]);
    expect(openRdpRules(rules, 3389, ['10.0.0.5'])).toHaveLength(1);
    expect(openRdpRules(rules, 3389, [OURS, '10.0.0.5'])).toHaveLength(1);
  });

  it.each([
    ['another destination', { destinations: ['10.0.0.9'] }],
    ['some source ports', { sourcePorts: ['1024-65535'] }],
    ['another port', { destinationPorts: ['443'] }],
    ['UDP', { protocol: 'Udp' }],
    ['one network', { sources: ['203.0.113.0/24'] }],
  ])('count all the same behind a Deny for %s alone', (_, change) => {
    const deny = rule('deny', { priority: 200, access: 'Deny', ...change });
    expect(openRdpRules([deny, rule('rdp')], 3389).map(({ name }) => name)).toEqual(['rdp']);
  });

  it('are those for this VM, where rules name destinations', () => {
    const rules = [
      rule('other', { destinations: ['10.0.0.9'] }),
      rule('subnet', { priority: 301, destinations: ['10.0.0.0/24'] }),
      rule('group', { priority: 302, destinations: [], destinationGroups: ['asg'] }),
    ];
    expect(openRdpRules(rules, 3389, ['10.0.0.4']).map(({ name }) => name)).toEqual(['subnet', 'group']);
    expect(openRdpRules(rules, 3389)).toHaveLength(3);
  });
});

describe('RDP behind the groups of NIC and subnet', () => {
  const SUBNET = `${NSG}-subnet`;
  const onNic = rule('nic');
  const onSubnet = rule('subnet', { networkSecurityGroupId: SUBNET });
  const office = rule('office', { networkSecurityGroupId: SUBNET, sources: ['203.0.113.7'] });
  const names = (rules: SecurityRule[]): string[] => rules.map(({ name }) => name);

  it('is exposed where both let the Internet in', () => {
    expect(names(exposedRdpRules([[NSG, SUBNET]], [onNic, onSubnet], 3389))).toEqual(['nic', 'subnet']);
  });

  it('is not where one of them does not, be it without any rule', () => {
    expect(exposedRdpRules([[NSG, SUBNET]], [onNic, office], 3389)).toEqual([]);
    expect(exposedRdpRules([[NSG, SUBNET]], [onNic], 3389)).toEqual([]);
  });

  it('is exposed through any of its NICs, each rule told once', () => {
    const paths = [[SUBNET], [NSG, SUBNET], [NSG]];
    expect(names(exposedRdpRules(paths, [onNic, office], 3389))).toEqual(['nic']);
    expect(names(exposedRdpRules(paths, [onNic, onSubnet], 3389))).toEqual(['subnet', 'nic']);
  });
});

describe('the Allow that decides', () => {
  it('is the first by priority, not by place, that lets TCP in to this VM', () => {
    const rules = [
      rule('late', { priority: 400 }),
      rule('udp', { priority: 100, protocol: 'Udp' }),
      rule('out', { priority: 101, direction: 'Outbound' }),
      rule('neighbour', { priority: 102, destinations: ['10.0.0.9'] }),
      rule('group', { priority: 103, destinations: [], destinationGroups: ['asg'] }),
      rule('some', { priority: 104, access: 'Deny', sources: ['192.0.2.1'] }),
      rule('it', { priority: 350, protocol: '*', destinations: ['10.0.0.0/24'] }),
    ];
    expect(decidingAllow(rules, 3389, [OURS])?.name).toBe('it');
  });

  it('is none behind a Deny of everybody', () => {
    const deny = rule('deny', { priority: 200, access: 'Deny' });
    expect(decidingAllow([deny, rule('rdp')], 3389, [OURS])).toBeUndefined();
  });
});

describe('who may be kept out before', () => {
  it('is anybody, where a Deny is for a group of machines: nobody here knows who is in it', () => {
    const deny = rule('deny-a-group', { access: 'Deny', sources: [], sourceGroups: ['/asg'] });
    expect(notDenied(['203.0.113.7'], [deny])).toEqual([]);
    expect(notDenied(['203.0.113.7'], [rule('allow', { sources: ['203.0.113.7'] })])).toEqual([
      '203.0.113.7',
    ]);
  });
});
