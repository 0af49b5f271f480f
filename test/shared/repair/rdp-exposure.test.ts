import type { SecurityRule } from '../../../shared/model/security-rule.ts';
import {
  allowMovedPort,
  coversPort,
  exposedRdpRules,
  isOpenSource,
  openRdpRules,
  restrictRule,
} from '../../../shared/repair/rdp-exposure.ts';

const NSG = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n';
const ADMINS = ['203.0.113.0/24'];

function rule(name: string, change: Partial<SecurityRule> = {}): SecurityRule {
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

describe('a source', () => {
  it.each([
    '*',
    'Internet',
    'internet',
    '0.0.0.0/0',
    '::/0',
    'Any',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '2000::/3',
    'AzureCloud',
    'AzureCloud.WestEurope',
  ])('%s is open', (source) => {
    expect(isOpenSource(source)).toBe(true);
  });
  it.each(['10.0.0.0/8', '203.0.113.7', 'VirtualNetwork', 'AzureLoadBalancer', '203.0.113.0/24', 'nonsense'])(
    '%s is not',
    (source) => {
      expect(isOpenSource(source)).toBe(false);
    },
  );
});

describe('a port list', () => {
  it.each([[['3389']], [['*']], [['3000-4000']], [['22', '3388-3389']]])('%j covers 3389', (ports) => {
    expect(coversPort(ports, 3389)).toBe(true);
  });
  it.each([[['3390']], [['1-3388', '3390-65535']], [[]]])('%j does not', (ports) => {
    expect(coversPort(ports, 3389)).toBe(false);
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

  it('are found once: a wide rule behind our own Deny is closed', () => {
    const wide = rule('wide', { destinationPorts: ['*'], protocol: '*' });
    const restriction = restrictRule(wide, [wide], 3389, ADMINS);
    const added = restriction?.kind === 'precede' ? restriction.add : [];
    expect(added).toHaveLength(2);
    expect(openRdpRules([wide, ...added], 3389)).toEqual([]);
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

describe('a restriction', () => {
  it('narrows a rule that is for RDP alone, and keeps its other sources', () => {
    const open = rule('rdp', { sources: ['10.0.0.0/8', '*'] });
    expect(restrictRule(open, [open], 3389, ADMINS)).toEqual({
      kind: 'narrow',
      rule: open,
      sources: ['10.0.0.0/8', ...ADMINS],
    });
  });

  it('leaves a rule that means more than RDP as it is, and puts two before it', () => {
    const open = rule('wide', { priority: 300, destinationPorts: ['*'], protocol: '*' });
    const taken = rule('other', { priority: 299, destinationPorts: ['443'] });
    const restriction = restrictRule(open, [open, taken], 3389, ADMINS);
    expect(restriction).toMatchObject({
      kind: 'precede',
      add: [
        { access: 'Allow', priority: 297, sources: ADMINS, destinationPorts: ['3389'], protocol: 'Tcp' },
        { access: 'Deny', priority: 298, sources: ['Internet'], destinationPorts: ['3389'] },
      ],
    });
  });

  it('is not possible where no priority is free before the rule', () => {
    const open = rule('first', { priority: 100, destinationPorts: ['*'] });
    expect(restrictRule(open, [open], 3389, ADMINS)).toBeUndefined();
  });
});

describe('a moved port', () => {
  it('is let through for the admins alone', () => {
    expect(allowMovedPort(rule('rdp'), [rule('rdp')], 3391, ADMINS)).toMatchObject({
      name: 'rdp-medic-allow-3391',
      priority: 299,
      sources: ADMINS,
      destinationPorts: ['3391'],
    });
  });

  it('is never opened to the Internet, however open the old one was', () => {
    expect(allowMovedPort(rule('rdp'), [rule('rdp')], 3391, [])).toBeUndefined();
  });
});
