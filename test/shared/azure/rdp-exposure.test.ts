import { parseActors } from '../../../lab/actors/parse.ts';
import type { NsgRuleSpec } from '../../../lab/arm/vm-spec.ts';
import { openRdpRules } from '../../../shared/repair/rdp-exposure.ts';
import { letMovedPortThrough, restrictRule, type Ground } from '../../../shared/repair/rule-plans.ts';
import type { SecurityRule } from '../../../shared/model/security-rule.ts';
import { ADMINISTRATOR, ATTACKER, startExposedVm, type ExposedVm } from './exposed-vm.ts';

const ADMINISTRATORS = ['198.51.100.0/24'];
const COLLEAGUE = '192.0.2.10';

interface Exposure {
  what: string;
  rule: Partial<NsgRuleSpec>;
  /** A port the rule opens beside RDP: it must stay as open as it was. */
  alsoOpens?: number;
  /** Another source the rule lets in: it must stay let in. */
  alsoLets?: string;
}

const EXPOSURES: Exposure[] = [
  { what: 'from *', rule: { sources: ['*'] } },
  { what: 'from Internet', rule: { sources: ['Internet'] } },
  { what: 'from 0.0.0.0/0', rule: { sources: ['0.0.0.0/0'] } },
  { what: 'from two halves of the Internet', rule: { sources: ['0.0.0.0/1', '128.0.0.0/1'] } },
  {
    what: 'from Internet, among others',
    rule: { sources: ['192.0.2.0/24', 'Internet'] },
    alsoLets: COLLEAGUE,
  },
  { what: 'through a range', rule: { ports: ['3000-4000'] }, alsoOpens: 3500 },
  { what: 'through one range of many', rule: { ports: ['443', '3380-3400'] }, alsoOpens: 443 },
  { what: 'through all ports of all protocols', rule: { ports: ['*'], protocol: '*' }, alsoOpens: 80 },
];

describe('RDP that stands open', () => {
  it.each(EXPOSURES)(
    '$what is closed to the Internet, and nothing else is',
    async ({ rule, alsoOpens, alsoLets }) => {
      await onVm([open(rule)], async (vm) => {
        expect(vm.reaches(ATTACKER)).toBe(true);
        await restrict(vm);
        expect(vm.reaches(ATTACKER)).toBe(false);
        expect(vm.reaches(ADMINISTRATOR)).toBe(true);
        if (alsoOpens !== undefined) expect(vm.reaches(ATTACKER, alsoOpens)).toBe(true);
        if (alsoLets !== undefined) expect(vm.reaches(alsoLets)).toBe(true);
      });
    },
  );

  it.each(EXPOSURES)('$what is found no more: a second run changes nothing', async ({ rule }) => {
    await onVm([open(rule)], async (vm) => {
      await restrict(vm);
      const after = await vm.rules();
      expect(await restrict(vm)).toEqual([]);
      expect(await vm.rules()).toEqual(after);
    });
  });

  it.each(EXPOSURES)('$what is as it was once it has been undone', async ({ rule }) => {
    await onVm([open(rule)], async (vm) => {
      const before = await vm.rules();
      for (const { old, made } of (await restrict(vm)).toReversed()) {
        if (old) await vm.put(old, made);
        else await vm.remove(made);
      }
      expect(await vm.rules()).toEqual(before);
      expect(vm.reaches(ATTACKER)).toBe(true);
    });
  });

  it('behind a Deny is not open, and is left alone', async () => {
    const deny: NsgRuleSpec = {
      name: 'no-rdp',
      priority: 200,
      access: 'Deny',
      sources: ['Internet'],
      ports: ['3389'],
    };
    await onVm([deny, open({})], async (vm) => {
      expect(vm.reaches(ATTACKER)).toBe(false);
      expect(await restrict(vm)).toEqual([]);
    });
  });
});

describe('RDP that was moved', () => {
  it('is let through on its new port, for administrators alone', async () => {
    await onVm([open({})], async (vm) => {
      await restrict(vm);
      const plan = letMovedPortThrough(3389, 3390, ground(vm, await vm.rules()));
      if (plan.kind !== 'add') throw new Error('no rule for the new port');
      await vm.put(plan.write.after, plan.write.before);
      expect(vm.reaches(ADMINISTRATOR, 3390)).toBe(true);
      expect(vm.reaches(ATTACKER, 3390)).toBe(false);
    });
  });
});

describe('A rule', () => {
  const COLLEAGUES: NsgRuleSpec = {
    name: 'colleagues',
    priority: 310,
    access: 'Allow',
    sources: ['192.0.2.0/24'],
    ports: ['3389'],
  };

  it('that somebody changed meanwhile is neither written over nor deleted', async () => {
    await onVm([COLLEAGUES], async (vm) => {
      const [rule] = await vm.rules();
      if (!rule) throw new Error('no rule');
      const known = { ...rule, sources: ['203.0.113.0/24'] };
      expect(await vm.put({ ...rule, sources: ['198.51.100.7'] }, known)).toBe('moved');
      expect(await vm.remove(known)).toBe('moved');
      expect(await vm.put({ ...rule, sources: ['198.51.100.7'] }, null)).toBe('moved');
      expect(await vm.rules()).toEqual([rule]);
    });
  });

  it('that somebody deleted meanwhile is not made again, and is gone for whoever deletes it', async () => {
    await onVm([COLLEAGUES, open({})], async (vm) => {
      const [rule] = await vm.rules();
      if (!rule) throw new Error('no rule');
      expect(await vm.remove(rule)).toBe('begun');
      expect(await vm.put({ ...rule, sources: ['198.51.100.7'] }, rule)).toBe('moved');
      expect(await vm.remove(rule)).toBe('begun');
      expect(await vm.rules()).toHaveLength(1);
    });
  });

  it('is not added where another one has its priority', async () => {
    await onVm([COLLEAGUES], async (vm) => {
      const [rule] = await vm.rules();
      if (!rule) throw new Error('no rule');
      expect(await vm.put({ ...rule, name: 'second', id: `${rule.id}-2` }, null)).toBe('priority-taken');
      expect(await vm.rules()).toHaveLength(1);
    });
  });

  it.each(['sourceApplicationSecurityGroups', 'destinationApplicationSecurityGroups'] as const)(
    'is written with its %s',
    async (field) => {
      await onVm([COLLEAGUES], async (vm) => {
        const [rule] = await vm.rules();
        if (!rule) throw new Error('no rule');
        const groups = [rule.id.replace(/networkSecurityGroups.*/, 'applicationSecurityGroups/jump-hosts')];
        const key = field.startsWith('source') ? 'sourceGroups' : 'destinationGroups';
        await vm.put({ ...rule, [key]: groups }, rule);
        expect((await vm.rules()).map((read) => read[key])).toEqual([groups]);
      });
    },
  );

  it.each([
    ['changed', 'colleagues'],
    ['added', 'new'],
  ])('is not %s where somebody else was quicker between reading and writing', async (_what, name) => {
    await onVm([COLLEAGUES], async (vm) => {
      const [rule] = await vm.rules();
      if (!rule) throw new Error('no rule');
      vm.lab.actors.add(
        ...parseActors(
          `*/securityRules/write -> rule ${name} sources=192.0.2.77 priority=222 on open-to-internet`,
        ),
      );
      const after = { ...rule, name, priority: 300, sources: ['198.51.100.7'] };
      const before = name === rule.name ? rule : null;
      await expect(vm.put(after, before)).rejects.toMatchObject({ code: 'AzureConflict' });
      expect(await vm.put(after, before)).toBe('moved');
    });
  });
});

function open(change: Partial<NsgRuleSpec>): NsgRuleSpec {
  return { name: 'allow', priority: 300, access: 'Allow', sources: ['*'], ports: ['3389'], ...change };
}

function ground(vm: ExposedVm, rules: readonly SecurityRule[]): Ground {
  return { rules, addresses: [vm.privateAddress], adminAddresses: ADMINISTRATORS, tag: 'tag', shared: false };
}

/** Closes what is open, and gives back each rule that was written with what stood there before. */
async function restrict(vm: ExposedVm): Promise<{ old: SecurityRule | null; made: SecurityRule }[]> {
  const all = await vm.rules();
  const written: { old: SecurityRule | null; made: SecurityRule }[] = [];
  for (const rule of openRdpRules(all, 3389, [vm.privateAddress])) {
    const { writes = [] } = restrictRule(rule, 3389, ground(vm, all)) ?? {};
    written.push(...writes.map(({ before, after }) => ({ old: before, made: after })));
  }
  for (const { old, made } of written) await vm.put(made, old);
  return written;
}

async function onVm(rules: NsgRuleSpec[], test: (vm: ExposedVm) => Promise<void>): Promise<void> {
  const vm = await startExposedVm({ rules });
  try {
    await test(vm);
  } finally {
    await vm.close();
  }
}
