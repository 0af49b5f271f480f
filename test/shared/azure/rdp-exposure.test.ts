import type { NsgRuleSpec } from '../../../lab/arm/vm-spec.ts';
import { allowMovedPort, openRdpRules, restrictRule } from '../../../shared/repair/rdp-exposure.ts';
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
        if (old) await vm.put(old);
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
      const rules = await vm.rules();
      const [model] = rules;
      const rule = model && allowMovedPort(model, rules, 3390, ADMINISTRATORS);
      if (!rule) throw new Error('no rule for the new port');
      await vm.put(rule);
      expect(vm.reaches(ADMINISTRATOR, 3390)).toBe(true);
      expect(vm.reaches(ATTACKER, 3390)).toBe(false);
    });
  });
});

function open(change: Partial<NsgRuleSpec>): NsgRuleSpec {
  return { name: 'allow', priority: 300, access: 'Allow', sources: ['*'], ports: ['3389'], ...change };
}

/** Closes what is open, and gives back each rule that was written with what stood there before. */
async function restrict(vm: ExposedVm): Promise<{ old: SecurityRule | null; made: SecurityRule }[]> {
  const all = await vm.rules();
  const written: { old: SecurityRule | null; made: SecurityRule }[] = [];
  for (const rule of openRdpRules(all, 3389)) {
    const restriction = restrictRule(rule, all, 3389, ADMINISTRATORS);
    if (restriction?.kind === 'narrow')
      written.push({ old: rule, made: { ...rule, sources: restriction.sources } });
    else written.push(...(restriction?.add ?? []).map((made) => ({ old: null, made })));
  }
  for (const { made } of written) await vm.put(made);
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
