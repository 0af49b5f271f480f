import type { SecurityRule } from '../../../shared/model/security-rule.ts';
import { openRdpRules } from '../../../shared/repair/rdp-exposure.ts';
import {
  letMovedPortThrough,
  restrictRule,
  type Ground,
  type Restriction,
} from '../../../shared/repair/rule-plans.ts';
import { ADMINS, ground, NSG, OURS, rule } from './rules.ts';

function afterOf({ writes }: Restriction | undefined = { writes: [], partners: [] }): SecurityRule[] {
  return writes.map(({ after }) => after);
}

describe('a restriction', () => {
  const wide = rule('wide', { destinationPorts: ['*'], protocol: '*' });

  it('narrows a rule that is for RDP of this VM alone, and keeps its other sources', () => {
    const open = rule('rdp', { sources: ['10.0.0.0/8', '*'] });
    expect(restrictRule(open, 3389, ground([open], { shared: false }))).toEqual({
      writes: [
        { before: open, after: { ...open, sources: ['10.0.0.0/8', ...ADMINS], destinations: [OURS] } },
      ],
      partners: [],
    });
  });

  it('narrows one that names this VM, whoever stands behind the group', () => {
    const open = rule('rdp', { destinations: [`${OURS}/32`] });
    expect(restrictRule(open, 3389, ground([open]))?.writes).toMatchObject([
      { before: open, after: { name: 'rdp', sources: ADMINS, destinations: [`${OURS}/32`] } },
    ]);
  });

  it.each<[string, Partial<SecurityRule>, Partial<Ground>]>([
    ['stands before others', {}, {}],
    ['names a neighbour too', { destinations: [OURS, '10.0.0.9'] }, {}],
    ['names the subnet', { destinations: ['10.0.0.0/24'] }, {}],
    ['is for a group of machines', { destinations: [], destinationGroups: ['asg'] }, { shared: false }],
    ['is for another port as well', { destinationPorts: ['3389', '443'] }, { shared: false }],
    ['is for a range', { destinationPorts: ['3000-4000'] }, { shared: false }],
  ])('leaves a rule as it is that %s, and puts two for this VM before it', (_, change, where) => {
    const open = rule('open', { ...change, sources: ['10.0.0.0/8', '192.0.2.0/24', '*'] });
    const made = afterOf(restrictRule(open, 3389, ground([open], where)));
    expect(made).toMatchObject([
      { access: 'Allow', sources: ['10.0.0.0/8', '192.0.2.0/24', ...ADMINS] },
      { access: 'Deny', sources: ['Internet'], sourcePorts: ['*'] },
    ]);
    for (const one of made)
      expect(one).toMatchObject({
        destinations: [OURS],
        destinationGroups: [],
        destinationPorts: ['3389'],
        protocol: 'Tcp',
      });
    expect(openRdpRules([open, ...made], 3389, [OURS])).toEqual([]);
    expect(openRdpRules([open, ...made], 3389).length).toBe(1);
  });

  it('takes the highest free priorities, the Allow first, and names by which nobody else names', () => {
    const taken = rule('other', { priority: 299, destinationPorts: ['443'] });
    const out = rule('out', { priority: 298, direction: 'Outbound' });
    expect(afterOf(restrictRule(wide, 3389, ground([wide, taken, out])))).toMatchObject([
      {
        name: 'rdp-medic-abc-allow-3389-before-300',
        id: `${NSG}/securityRules/rdp-medic-abc-allow-3389-before-300`,
        priority: 297,
      },
      { name: 'rdp-medic-abc-deny-3389-before-300', priority: 298 },
    ]);
  });

  it('of a second open rule meets the Deny of the first, and is not needed', () => {
    const second = rule('second', { priority: 301, destinationPorts: ['*'] });
    const made = afterOf(restrictRule(wide, 3389, ground([wide, second])));
    expect(openRdpRules([wide, second, ...made], 3389, [OURS])).toEqual([]);
  });

  it('moves our own rules where others took a priority meanwhile', () => {
    const [allow] = afterOf(restrictRule(wide, 3389, ground([wide])));
    const taken = rule('other', { priority: 299, destinationPorts: ['443'] });
    const again = restrictRule(wide, 3389, ground([wide, taken, ...(allow ? [allow] : [])]));
    expect(again?.writes).toMatchObject([
      { before: { priority: 298 }, after: { priority: 297 } },
      { before: null, after: { priority: 298 } },
    ]);
  });

  it('keeps partners let in whose own rules lie behind the Deny, and tells them', () => {
    const partner = rule('partner', { priority: 400, sources: ['192.0.2.9', '*', 'VirtualNetwork'] });
    const neighbours = rule('neighbours', {
      priority: 401,
      sources: ['192.0.2.10'],
      destinations: ['10.0.0.9'],
    });
    const web = rule('web', { priority: 402, sources: ['192.0.2.11'], destinationPorts: ['443'] });
    const plan = restrictRule(wide, 3389, ground([wide, web, neighbours, partner]));
    expect(afterOf(plan)[0]?.sources).toEqual([...ADMINS, '192.0.2.9']);
    expect(plan?.partners).toEqual([partner]);
  });

  it.each<[string, Partial<SecurityRule>, number]>([
    ['behind a Deny of theirs', { priority: 350, sources: ['192.0.2.0/24'] }, 0],
    ['behind a Deny of a tag', { priority: 350, sources: ['AzureCloud.WestEurope'] }, 0],
    ['behind a Deny of others', { priority: 350, sources: ['198.51.100.1'] }, 1],
    ['behind a Deny for a neighbour', { priority: 350, destinations: ['10.0.0.9'] }, 1],
    ['before a Deny of theirs', { priority: 500, sources: ['192.0.2.0/24'] }, 1],
  ])('lets partners in %s: %i', (_, deny, count) => {
    const partner = rule('partner', { priority: 400, sources: ['192.0.2.9'] });
    const rules = [wide, partner, rule('deny', { access: 'Deny', ...deny })];
    expect(restrictRule(wide, 3389, ground(rules))?.partners).toHaveLength(count);
  });

  it('never lets an administrator past a Deny that stands before the open rule now', () => {
    const others = [297, 298, 299].map((priority) =>
      rule(`r${priority}`, { priority, destinationPorts: ['1'] }),
    );
    const deny = rule('deny', { priority: 296, access: 'Deny', sources: ['203.0.113.9'] });
    const high = [295, 294].map((priority) => rule(`h${priority}`, { priority, destinationPorts: ['1'] }));
    expect(afterOf(restrictRule(wide, 3389, ground([wide, deny, ...others, ...high])))).toMatchObject([
      { access: 'Deny', priority: 293 },
    ]);
  });

  it('lets in no administrator whom the open rule did not let in', () => {
    const cloud = rule('cloud', { sources: ['AzureCloud'] });
    expect(afterOf(restrictRule(cloud, 3389, ground([cloud], { shared: false })))).toMatchObject([
      { access: 'Deny', destinations: [OURS] },
    ]);
    const halves = rule('halves', { sources: ['0.0.0.0/1'] });
    expect(afterOf(restrictRule(halves, 3389, ground([halves])))).toMatchObject([{ access: 'Deny' }]);
  });

  it.each<[string, Partial<SecurityRule>, Partial<Ground>]>([
    ['no priority is free before the rule', { priority: 100 }, {}],
    ['only one is', { priority: 101 }, {}],
    ['no address of the VM is known', {}, { addresses: [] }],
  ])('is not possible where %s', (_, change, where) => {
    const open = rule('first', change);
    expect(restrictRule(open, 3389, ground([open], where))).toBeUndefined();
  });
});

describe('a moved port', () => {
  const moved = (rules: SecurityRule[], change: Partial<Ground> = {}) =>
    letMovedPortThrough(3389, 3391, ground(rules, change));

  it('is let through to this VM alone, for the administrators alone', () => {
    expect(moved([rule('rdp', { protocol: '*' })])).toMatchObject({
      kind: 'add',
      write: {
        before: null,
        after: {
          name: 'rdp-medic-abc-allow-3391',
          priority: 299,
          protocol: 'Tcp',
          sources: ADMINS,
          destinations: [OURS],
          destinationPorts: ['3391'],
        },
      },
    });
  });

  it('is let through to those who reached the old one, and to no administrator who did not', () => {
    const model = rule('rdp', { sources: ['10.0.0.0/8'], sourcePorts: ['1024-65535'] });
    expect(moved([model])).toMatchObject({
      write: { after: { sources: ['10.0.0.0/8'], sourcePorts: ['1024-65535'] } },
    });
    const office = rule('rdp', { sources: ['203.0.0.0/16'] });
    expect(moved([office])).toMatchObject({ write: { after: { sources: ['203.0.0.0/16', ...ADMINS] } } });
    const hosts = rule('rdp', { sources: [], sourceGroups: ['jump-hosts'] });
    expect(moved([hosts])).toMatchObject({ write: { after: { sources: [], sourceGroups: ['jump-hosts'] } } });
  });

  it.each<[string, SecurityRule[], Partial<Ground>]>([
    ['it was open to the Internet, and no administrators are named', [rule('rdp')], { adminAddresses: [] }],
    ['no rule is for the old one', [rule('web', { destinationPorts: ['443'] })], {}],
    ['the rule is for UDP', [rule('udp', { protocol: 'Udp' })], {}],
    ['the rule is for a neighbour', [rule('rdp', { destinations: ['10.0.0.9'] })], {}],
    ['the rule is a Deny', [rule('rdp', { access: 'Deny' })], {}],
    ['a Deny decides before it', [rule('rdp'), rule('deny', { priority: 200, access: 'Deny' })], {}],
    [
      'a Deny keeps some of them out of the old one',
      [rule('rdp'), rule('deny', { priority: 200, access: 'Deny', sources: ['203.0.113.9'] })],
      {},
    ],
    ['no priority is free', [rule('rdp', { priority: 100 })], {}],
    ['no address of the VM is known', [rule('rdp')], { addresses: [] }],
  ])('is not where %s', (_, rules, where) => {
    expect(moved(rules, where)).toMatchObject({ kind: 'none' });
  });

  it('needs no rule where the old one covers it', () => {
    expect(moved([rule('range', { destinationPorts: ['3380-3400'] })])).toEqual({ kind: 'let-through' });
  });

  it('has a rule of its own beside that of another remediation', () => {
    const other = moved([rule('rdp')], { tag: 'other', addresses: ['10.0.0.5'] });
    const theirs = other.kind === 'add' ? [other.write.after] : [];
    expect(moved([rule('rdp'), ...theirs])).toMatchObject({
      write: { before: null, after: { name: 'rdp-medic-abc-allow-3391', priority: 298 } },
    });
  });
});
