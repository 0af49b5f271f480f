import type { Cause, Look, RegistryDomain } from './cause.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import { TERMINAL_SERVER, TERMINAL_SERVICES_POLICY } from './listener.ts';
import { dword, eachSet, fixedValue, inSet, numberOf, setValue } from './look.ts';
import { policyOf } from './policy.ts';
import { restartRdp } from './services.ts';

/** Switches that refuse connections, and the number that does ([MS-TSTS] and "General RDP error", Azure). */
const SWITCHES = [
  { name: 'fDenyTSConnections', refuses: 1, severity: 'fault' },
  { name: 'TSEnabled', refuses: 0, severity: 'fault' },
  { name: 'TSServerDrainMode', refuses: 1, severity: 'warning' },
  { name: 'TSUserEnabled', refuses: 1, severity: 'warning' },
] as const;

const DENY: RegistryDomain = {
  hive: 'system',
  path: TERMINAL_SERVER,
  name: 'fDenyTSConnections',
  after: [dword(0)],
};
const ENABLED: RegistryDomain = {
  hive: 'system',
  path: TERMINAL_SERVER,
  name: 'TSEnabled',
  after: [dword(1)],
};

const FINDINGS = {
  ConnectionsDenied: 'Windows refuses Remote Desktop connections',
  ConnectionsDeniedByPolicy: 'a policy refuses Remote Desktop connections; change it in the policy',
} as const;
const found = findingsOf('rdp-denied', FINDINGS);

function detect(look: Look) {
  const { facts } = look;
  const switched = eachSet(look, (set) =>
    SWITCHES.filter(({ name, refuses }) => numberOf(facts, set, TERMINAL_SERVER, name) === refuses).map(
      ({ name, severity }) => found('ConnectionsDenied', severity, { value: name, ...inSet(look, set) }),
    ),
  );
  if (numberOf(facts, '', TERMINAL_SERVICES_POLICY, 'fDenyTSConnections') !== 1) return switched;
  const gpo = policyOf(facts, TERMINAL_SERVICES_POLICY, 'fDenyTSConnections');
  return [...switched, found('ConnectionsDeniedByPolicy', 'fault', { gpo })];
}

export const rdpDenied: Cause = {
  id: 'rdp-denied',
  step: 'rdp-port',
  order: 10,
  title: 'Remote Desktop connections are denied',
  findings: FINDINGS,
  reads: [
    { hive: 'system', path: TERMINAL_SERVER, names: SWITCHES.map(({ name }) => name) },
    { hive: 'software', path: TERMINAL_SERVICES_POLICY, names: ['fDenyTSConnections'] },
  ],
  writes: [DENY, ENABLED],
  detect,
  repair: whereFaulty(detect, (look) => {
    const denies = eachSet(look, (set) => setValue(look.facts, set, DENY, dword(0)));
    // Absent means enabled: only a value that refuses is changed. TermService reads it when it starts.
    const disables = eachSet(look, (set) =>
      numberOf(look.facts, set, TERMINAL_SERVER, 'TSEnabled') === 0
        ? setValue(look.facts, set, ENABLED, dword(1))
        : [],
    );
    return [...denies, ...disables, ...(disables.length > 0 ? restartRdp(look, ['TermService']) : [])];
  }),
  takesEffect: 'now',
  words: {
    seen: '`fDenyTSConnections` is 1 or `TSEnabled` is 0, locally or by policy.',
    mend: 'Those values; a policy is only reported.',
    guidance: 'Set fDenyTSConnections to 0; if a policy sets it, change the policy.',
    byHand: '`Set-ItemProperty -Path TS -Name fDenyTSConnections -Value 0`',
    undo: 'Restore the value.',
  },
  recipe: [fixedValue(DENY, dword(1), dword(0))],
};
