import type { Cause, Look, RegistryDomain } from './cause.ts';
import { policyOf } from './policy.ts';
import { dword, eachSet, inSet, numberOf, setValue } from './look.ts';

const TERMINAL_SERVER = 'Control\\Terminal Server';
const POLICY = 'Policies\\Microsoft\\Windows NT\\Terminal Services';

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
const ENABLED: RegistryDomain = { hive: 'system', path: TERMINAL_SERVER, name: 'TSEnabled', after: [dword(1)] };

function detect(look: Look) {
  const { facts } = look;
  const switched = eachSet(look, (set) =>
    SWITCHES.filter(({ name, refuses }) => numberOf(facts, set, TERMINAL_SERVER, name) === refuses).map(
      ({ name, severity }) => ({
        cause: 'rdp-denied',
        code: 'ConnectionsDenied',
        severity,
        detail: 'Windows refuses Remote Desktop connections',
        data: { value: name, ...inSet(look, set) },
      }),
    ),
  );
  if (numberOf(facts, '', POLICY, 'fDenyTSConnections') !== 1) return switched;
  return [
    ...switched,
    {
      cause: 'rdp-denied',
      code: 'ConnectionsDeniedByPolicy',
      severity: 'fault' as const,
      detail: 'a policy refuses Remote Desktop connections; it must be changed there',
      data: { gpo: policyOf(facts, POLICY, 'fDenyTSConnections') },
    },
  ];
}

export const rdpDenied: Cause = {
  id: 'rdp-denied',
  step: 'rdp-port',
  title: 'Remote Desktop connections are denied',
  reads: [
    { hive: 'system', path: TERMINAL_SERVER, names: SWITCHES.map(({ name }) => name) },
    { hive: 'software', path: POLICY, names: ['fDenyTSConnections'] },
  ],
  writes: [DENY, ENABLED],
  detect,
  repair: (look) =>
    eachSet(look, (set) => [
      ...setValue(look.facts, set, DENY, dword(0)),
      // Absent means enabled: only a value that refuses is changed.
      ...(numberOf(look.facts, set, TERMINAL_SERVER, 'TSEnabled') === 0
        ? setValue(look.facts, set, ENABLED, dword(1))
        : []),
    ]),
  takesEffect: 'now',
  words: {
    seen: '`fDenyTSConnections` is 1 or `TSEnabled` is 0, here or in a policy.',
    mend: 'Sets `fDenyTSConnections` to 0 and `TSEnabled` to 1; a policy is named, not changed.',
    guidance: 'Set fDenyTSConnections to 0; if a policy sets it, change the policy.',
  },
  recipe: [
    { do: 'registry', hive: 'system', set: 'CurrentControlSet', path: TERMINAL_SERVER, name: 'fDenyTSConnections', before: dword(1), after: dword(0) },
  ],
};
