import { createHash } from 'node:crypto';
import type { Change } from '../model/change.ts';
import type { Facts } from '../model/facts.ts';
import type { Cause, Look } from './cause.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import {
  areRulesKnown,
  concernsRdp,
  coversPort,
  coversProfile,
  firewallRules,
  isOwn,
  profileOf,
  type FirewallRule,
} from './firewall-rule.ts';
import { DEFAULT_PORT, rdpPort } from './listener.ts';
import { eachSet, inSet, setForChange } from './look.ts';

const FINDINGS = {
  FirewallBlockRule:
    'another firewall rule blocks the RDP port for all addresses and overrides the allow rule',
  FirewallBlockRuleByPolicy: 'a firewall rule set by policy blocks the RDP port; change it in the policy',
} as const;
const found = findingsOf('firewall-block-rule', FINDINGS);

/** Rules that keep everybody from RDP; one for some addresses only is somebody's choice. */
function blocking(facts: Facts, set: string): FirewallRule[] {
  const port = rdpPort(facts, set) ?? DEFAULT_PORT;
  return firewallRules(facts).filter(
    (rule) =>
      rule.isActive &&
      rule.isInbound &&
      rule.action === 'Block' &&
      !isOwn(rule) &&
      concernsRdp(rule) &&
      coversPort(rule, port) &&
      coversProfile(rule, profileOf(facts)) &&
      rule.remoteAddresses.length === 0 &&
      rule.localAddresses.length === 0,
  );
}

const detect: Cause['detect'] = (look) => {
  const { facts } = look;
  const [set] = facts.sets;
  if (set === undefined || !areRulesKnown(facts)) return [];
  return blocking(facts, set).map(({ name, source }) =>
    found(source === 'local' ? 'FirewallBlockRule' : 'FirewallBlockRuleByPolicy', 'fault', {
      rule: name,
      ...inSet(look, set),
    }),
  );
};

/** A name that a guest chose travels back as its hash: upper case letter by letter, as .NET's invariant culture has it. */
function hashOf(name: string): string {
  const upper = name.replace(/./gsu, (letter) => {
    const raised = letter.toUpperCase();
    return raised.length === letter.length ? raised : letter;
  });
  return createHash('sha256').update(Buffer.from(upper, 'utf16le')).digest('hex').toUpperCase();
}

function repair(look: Look): Change[] {
  const { facts } = look;
  return eachSet(look, (set) =>
    blocking(facts, set)
      .filter(({ source }) => source === 'local')
      .map(({ name }) => ({
        do: 'Set-FirewallRule',
        set: setForChange(facts, set),
        rule: { blocks: hashOf(name) },
        port: rdpPort(facts, set) ?? DEFAULT_PORT,
        fields: ['off'],
      })),
  );
}

export const firewallBlockRule: Cause = {
  id: 'firewall-block-rule',
  step: 'rdp-port',
  order: 70,
  title: 'Another firewall rule blocks the RDP port',
  findings: FINDINGS,
  reads: [],
  writes: [],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'now',
  words: {
    seen: 'An active inbound Block rule, local or set by policy, that covers the RDP port for every address in the network profile of the VM.',
    mend: 'Disables that rule; a rule set by policy is only reported, and a rule for some addresses only is left alone.',
    guidance:
      'Disable the blocking rule, or remove the RDP port from it; change a rule set by policy in the policy.',
    byHand:
      "`Get-NetFirewallRule -Enabled True -Direction Inbound -Action Block | Where-Object { ($_ | Get-NetFirewallPortFilter).LocalPort -in '3389', 'Any' }`, then `Disable-NetFirewallRule -Name NAME`",
    undo: '`Enable-NetFirewallRule -Name NAME`',
  },
  recipe: [],
};
