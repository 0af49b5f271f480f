import type { Change } from '../model/change.ts';
import type { Cause, Look, RegistryDomain } from './cause.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import { RDP_TCP, TERMINAL_SERVICES_POLICY } from './listener.ts';
import { dword, eachSet, fixedValue, inSet, numberOf, setValue } from './look.ts';
import { policyOf } from './policy.ts';
import { restartRdp } from './services.ts';

const domain = (name: string, right: number): RegistryDomain => ({
  hive: 'system',
  path: RDP_TCP,
  name,
  after: [dword(right)],
});
/** The recommended state, in the order in which it is written: TLS with the low level is a pair that Windows would correct. */
const LEVEL = { domain: domain('MinEncryptionLevel', 3), right: 3 };
const NLA = { domain: domain('UserAuthentication', 1), right: 1 };
const NEGOTIATION = { domain: domain('fAllowSecProtocolNegotiation', 1), right: 1 };
const LAYER = { domain: domain('SecurityLayer', 2), right: 2 };
const ALL = [LEVEL, NLA, NEGOTIATION, LAYER];

const FINDINGS = {
  SecurityLayerWeak: 'RDP security instead of TLS: clients that require TLS are refused',
  NegotiationOff: 'client and server may not agree on a security protocol',
  EncryptionMismatch: 'TLS does not work with the low encryption level',
  NlaOff: 'Network Level Authentication is disabled',
  SecuritySetByPolicy: 'a policy sets this value and overrides the local one',
} as const;
const found = findingsOf('rdp-security-layer', FINDINGS);

/** What is wrong in a control set, each with the settings that its repair raises. */
function faultsIn({ facts }: Look, set: string) {
  const number = (name: string) => numberOf(facts, set, RDP_TCP, name);
  const layer = number('SecurityLayer');
  const isMismatch = layer === 2 && number('MinEncryptionLevel') === 1;
  return [
    // Who had no TLS had none of the rest either: all of the recommended state.
    ...(layer === 0 ? [{ code: 'SecurityLayerWeak' as const, raises: ALL }] : []),
    ...(number('fAllowSecProtocolNegotiation') === 0
      ? [{ code: 'NegotiationOff' as const, raises: [NEGOTIATION] }]
      : []),
    ...(isMismatch ? [{ code: 'EncryptionMismatch' as const, raises: [LEVEL] }] : []),
  ];
}

const detect: Cause['detect'] = (look) => {
  const { facts } = look;
  const local = eachSet(look, (set) => {
    const data = inSet(look, set);
    const isNlaOff = numberOf(facts, set, RDP_TCP, NLA.domain.name) === 0;
    return [
      ...faultsIn(look, set).map(({ code }) => found(code, 'fault', data)),
      // An administrator's choice, which RDP works with.
      ...(isNlaOff ? [found('NlaOff', 'warning', data)] : []),
    ];
  });
  const byPolicy = [LAYER, NLA, LEVEL]
    .map(({ domain: { name } }) => name)
    .filter((name) => numberOf(facts, '', TERMINAL_SERVICES_POLICY, name) === 0)
    .map((name) =>
      found('SecuritySetByPolicy', 'warning', {
        value: name,
        gpo: policyOf(facts, TERMINAL_SERVICES_POLICY, name),
      }),
    );
  return [...local, ...byPolicy];
};

/** Never lowers a value. */
function raise(look: Look, set: string): Change[] {
  const raises = new Set(faultsIn(look, set).flatMap(({ raises }) => raises));
  return ALL.filter((setting) => raises.has(setting)).flatMap(({ domain, right }) => {
    const is = numberOf(look.facts, set, RDP_TCP, domain.name);
    return is === undefined || is < right ? setValue(look.facts, set, domain, dword(right)) : [];
  });
}

export const rdpSecurityLayer: Cause = {
  id: 'rdp-security-layer',
  step: 'tls',
  order: 40,
  title: 'The security settings of the listener are inconsistent',
  findings: FINDINGS,
  reads: [
    { hive: 'system', path: RDP_TCP, names: ALL.map(({ domain }) => domain.name) },
    {
      hive: 'software',
      path: TERMINAL_SERVICES_POLICY,
      names: ['SecurityLayer', 'UserAuthentication', 'MinEncryptionLevel'],
    },
  ],
  writes: ALL.map(({ domain }) => domain),
  detect,
  repair: whereFaulty(detect, (look) => [
    ...eachSet(look, (set) => raise(look, set)),
    ...restartRdp(look, ['TermService']),
  ]),
  takesEffect: 'now',
  words: {
    seen: '`SecurityLayer` 0, negotiation disabled, low encryption level with TLS; a warning if NLA is disabled.',
    mend: 'The faulty value: `fAllowSecProtocolNegotiation` 1, `MinEncryptionLevel` 3; if the security layer was wrong, all of `SecurityLayer` 2, `UserAuthentication` 1, `MinEncryptionLevel` 3, `fAllowSecProtocolNegotiation` 1; never lowers a value; restarts TermService.',
    guidance:
      'Set SecurityLayer 2, UserAuthentication 1, MinEncryptionLevel 3 and fAllowSecProtocolNegotiation 1.',
    byHand:
      '`Set-ItemProperty -Path TS\\WinStations\\RDP-Tcp -Name SecurityLayer -Value 2`, and the others in the same way',
    undo: 'Restore the values.',
  },
  recipe: [fixedValue(LAYER.domain, dword(0), dword(LAYER.right))],
};
