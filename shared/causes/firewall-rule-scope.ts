import type { Change } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import { overlap } from './addresses.ts';
import type { Cause, Look } from './cause.ts';
import { findingsOf, isFault, whereFaulty } from './finding.ts';
import {
  areRulesKnown,
  coversProfile,
  ownRule,
  profileOf,
  RDP_RULES,
  type RdpRule,
} from './firewall-rule.ts';
import { DEFAULT_PORT, rdpPort } from './listener.ts';
import { eachSet, inSet, setForChange } from './look.ts';

const FINDINGS = {
  FirewallRuleProfile: 'the firewall rule for RDP does not apply to the network profile of this VM',
  FirewallRuleAddresses: 'the firewall rule for RDP allows only some addresses',
} as const;
const found = findingsOf('firewall-rule-scope', FINDINGS);

const WITHOUT_CONTROLLER =
  'the firewall rule for RDP does not apply while no domain controller can be reached, because the profile is then Public';
const SHUTS_OUT = 'the firewall rule for RDP allows none of the admin addresses';

/**
 * What limits one of RDP's rules, as far as it lets RDP in at all (else that is the cause `rdp-firewall`). A fault is only what
 * certainly shuts out: a profile this VM cannot be in, or all addresses that the request names. Anything narrower may be
 * somebody's choice, and widening it is for a person to decide.
 */
function limits(look: Look, name: RdpRule, severity: Finding['severity']) {
  const { facts, options } = look;
  const rule = ownRule(facts, name, 'local');
  if (rule?.isActive !== true || rule.action !== 'Allow') return [];
  const { profiles, remoteAddresses: remote } = rule;
  const sources = options.rdpSources ?? [];
  const letsOneIn = remote.some((range) => sources.some((source) => overlap(range, source)));
  const shutsOut = sources.length > 0 && !letsOneIn;
  const byProfile = { profiles: profiles.join(', ') };
  const byAddress = { addresses: remote.slice(0, 8).join(', '), count: remote.length };
  const code = 'FirewallRuleProfile';
  return [
    ...(!coversProfile(rule, profileOf(facts))
      ? [{ field: 'profile' as const, finding: found(code, severity, byProfile) }]
      : !coversProfile(rule, 'Public')
        ? [{ field: 'profile' as const, finding: found(code, 'warning', byProfile, WITHOUT_CONTROLLER) }]
        : []),
    ...(remote.length === 0
      ? []
      : shutsOut
        ? [
            {
              field: 'address' as const,
              finding: found('FirewallRuleAddresses', severity, byAddress, SHUTS_OUT),
            },
          ]
        : [{ field: 'address' as const, finding: found('FirewallRuleAddresses', 'warning', byAddress) }]),
  ];
}

const detect: Cause['detect'] = (look) => {
  const [set] = look.facts.sets;
  if (set === undefined || !areRulesKnown(look.facts)) return [];
  return RDP_RULES.flatMap(({ name, severity }) =>
    limits(look, name, severity).map(({ finding }) => ({
      ...finding,
      data: { rule: name, ...finding.data, ...inSet(look, set) },
    })),
  );
};

function repair(look: Look): Change[] {
  const { facts } = look;
  return eachSet(look, (set) =>
    RDP_RULES.flatMap(({ name }): Change[] => {
      // UDP is judged as TCP is, once TCP is at fault.
      const fields = limits(look, name, 'fault')
        .filter(({ finding }) => isFault(finding))
        .map(({ field }) => field);
      if (fields.length === 0) return [];
      const port = rdpPort(facts, set) ?? DEFAULT_PORT;
      return [{ do: 'Set-FirewallRule', set: setForChange(facts, set), rule: name, port, fields }];
    }),
  );
}

export const firewallRuleScope: Cause = {
  id: 'firewall-rule-scope',
  step: 'rdp-port',
  order: 60,
  title: 'The firewall rule for RDP does not apply to this VM or its clients',
  findings: FINDINGS,
  reads: [],
  writes: [],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'now',
  words: {
    seen: '`RemoteDesktop-UserMode-In-TCP` limited to a profile that this VM does not use (Domain or Private in a workgroup, anything but Domain in a domain), or to addresses that include none from the request.',
    mend: 'Sets any profile, or any address, if that limit is the fault; the network security group still restricts access. A limit that only might be the cause is reported and left alone.',
    guidance: 'Make the rule RemoteDesktop-UserMode-In-TCP apply to all profiles and to the admin addresses.',
    byHand:
      '`Set-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP -Profile Any -RemoteAddress Any`, the same for `-UDP`',
    undo: '`Set-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP -Profile Domain -RemoteAddress ADDRESSES` with the values from the record',
  },
  recipe: RDP_RULES.map(({ name }) => ({
    do: 'Set-FirewallRule',
    set: 'CurrentControlSet',
    rule: name,
    port: DEFAULT_PORT,
    fields: ['profile'],
  })),
};
