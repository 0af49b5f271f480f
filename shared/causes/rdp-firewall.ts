import type { Change } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import type { Cause, Look } from './cause.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import { areRulesKnown, coversPort, ownRule, RDP_RULES, type FirewallRule } from './firewall-rule.ts';
import { DEFAULT_PORT, rdpPort } from './listener.ts';
import { eachSet, inSet, setForChange } from './look.ts';

const FINDINGS = {
  FirewallRuleMissing: 'the firewall rule for RDP is missing',
  FirewallRuleDisabled: 'the firewall rule for RDP is disabled',
  FirewallRuleBlocks: 'the firewall rule for RDP blocks connections',
  FirewallRuleWrongPort: 'the firewall rule allows a different port',
  FirewallRuleBlockedByPolicy: 'a policy rule with the same name blocks RDP; change it in the policy',
} as const;
const found = findingsOf('rdp-firewall', FINDINGS);

/** What may be wrong with a rule that is there, and the field to set then. */
const WRONGS = [
  { field: 'active', code: 'FirewallRuleDisabled', isSo: (rule: FirewallRule) => !rule.isActive },
  { field: 'action', code: 'FirewallRuleBlocks', isSo: (rule: FirewallRule) => rule.action !== 'Allow' },
  {
    field: 'port',
    code: 'FirewallRuleWrongPort',
    isSo: (rule: FirewallRule, port: number) => !coversPort(rule, port),
  },
] as const;

/** A number that is no port becomes Windows' own again. */
function wantedPort({ facts }: Look, set: string): number {
  return rdpPort(facts, set) ?? DEFAULT_PORT;
}

function wrongsOf(rule: FirewallRule, port: number) {
  return WRONGS.filter(({ isSo }) => isSo(rule, port));
}

/** By rule name: display names and group names are translated. The rules are those of the current control set. */
function detect(look: Look): Finding[] {
  const { facts } = look;
  const [set] = facts.sets;
  if (set === undefined || !areRulesKnown(facts)) return [];
  const expected = wantedPort(look, set);
  return RDP_RULES.flatMap(({ name, severity }) => {
    const rule = ownRule(facts, name, 'local');
    const data = { rule: name, ...inSet(look, set) };
    const port = { port: rule?.localPorts.join(',') ?? '', expected };
    return [
      ...(rule === undefined ? [found('FirewallRuleMissing', severity, data)] : []),
      ...(rule === undefined ? [] : wrongsOf(rule, expected)).map(({ code, field }) =>
        found(code, severity, field === 'port' ? { ...data, ...port } : data),
      ),
      ...(ownRule(facts, name, 'policy')?.action === 'Block'
        ? [found('FirewallRuleBlockedByPolicy', severity, { rule: name })]
        : []),
    ];
  });
}

function repair(look: Look): Change[] {
  return eachSet(look, (set) =>
    RDP_RULES.flatMap(({ name }): Change[] => {
      const rule = ownRule(look.facts, name, 'local');
      const port = wantedPort(look, set);
      const fields =
        rule === undefined ? (['make'] as const) : wrongsOf(rule, port).map(({ field }) => field);
      if (fields.length === 0) return [];
      const own = setForChange(look.facts, set);
      return [{ do: 'Set-FirewallRule', set: own, rule: name, port, fields: [...fields] }];
    }),
  );
}

export const rdpFirewall: Cause = {
  id: 'rdp-firewall',
  step: 'rdp-port',
  order: 50,
  title: 'Windows Firewall blocks the RDP port',
  findings: FINDINGS,
  reads: [],
  writes: [],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'now',
  words: {
    seen: '`RemoteDesktop-UserMode-In-TCP` and `-UDP` disabled, blocking, missing, or for another port; a policy that blocks.',
    mend: 'The wrong setting of the rule; a policy is only reported.',
    guidance: 'Enable the rules RemoteDesktop-UserMode-In-TCP and -UDP; look for a Block rule set by policy.',
    byHand:
      '`Enable-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP` (by name: group names are translated)',
    undo: '`Disable-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP`',
  },
  recipe: RDP_RULES.map(({ name }) => ({
    do: 'Set-FirewallRule',
    set: 'CurrentControlSet',
    rule: name,
    port: DEFAULT_PORT,
    fields: ['make', 'active', 'action'],
  })),
};
