import type { Change } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import type { Cause, Look, RegistryDomain } from './cause.ts';
import { findingsOf, isFault, lastOutcome, whereFaulty } from './finding.ts';
import { detectGroupPolicy, GPSVC, GROUP_POLICY_FINDINGS, giveGroupPolicyBack } from './group-policy.ts';
import { dword, eachSet, fixedValue, inSet, setValue } from './look.ts';
import {
  hasTls13,
  isEmptyList,
  isOffByDefault,
  isSwitchedOff,
  protocolKey,
  serverDomains,
  SUITE_POLICY,
  type TlsVersion,
} from './schannel.ts';

const LEGACY = ['TLS 1.0', 'TLS 1.1'] as const;
const VERSIONS: readonly TlsVersion[] = [...LEGACY, 'TLS 1.3', 'TLS 1.2'];
const SUITES: RegistryDomain = { hive: 'software', path: SUITE_POLICY, name: 'Functions', after: [null] };
/** Off, so that a policy does not undo the repair at the next start of Windows. */
const HOLD_POLICY: RegistryDomain = { hive: 'system', path: GPSVC, name: 'Start', after: [dword(4)] };

const FINDINGS = {
  TlsServerDisabled: 'the protocol is disabled for servers',
  TlsDisabledByDefault: 'the protocol is only offered to programs that request it',
  CipherPolicyEmpty: 'the cipher suite policy leaves no suite that RDP can use',
  TlsSetByPolicy: 'a Group Policy disables TLS again; change it in the policy',
  ...GROUP_POLICY_FINDINGS,
} as const;
const found = findingsOf('tls', FINDINGS);

/** 1.0 and 1.1 switched off are no fault; RDP does without 1.3. */
function detectOff(look: Look): Finding[] {
  const { facts } = look;
  const judged = hasTls13(facts) ? (['TLS 1.2', 'TLS 1.3'] as const) : (['TLS 1.2'] as const);
  const versions = eachSet(look, (set) =>
    judged.flatMap((protocol) => {
      const severity = protocol === 'TLS 1.2' ? 'fault' : 'warning';
      const data = { protocol, ...inSet(look, set) };
      return [
        ...(isSwitchedOff(facts, set, protocol, 'Server')
          ? [found('TlsServerDisabled', severity, data)]
          : []),
        ...(isOffByDefault(facts, set, protocol) ? [found('TlsDisabledByDefault', severity, data)] : []),
      ];
    }),
  );
  return [
    ...versions,
    ...(isEmptyList(facts, '', SUITE_POLICY) ? [found('CipherPolicyEmpty', 'fault')] : []),
  ];
}

/** The policies were applied again after our change, and TLS is off again. */
function isSetByPolicy(look: Look): boolean {
  return lastOutcome(look, 'Refresh-Policy')?.outcome.word === 'refreshed' && detectOff(look).some(isFault);
}

/**
 * A domain usually sets SCHANNEL by preferences, which are not listed as registry settings: then all applied objects are
 * named, and someone has to look.
 */
function culprit({ facts }: Look): Finding['data'] {
  const key = `\\${protocolKey('TLS 1.2', 'Server')}`.toLowerCase();
  const named = facts.policies.items.find(
    (value) => value.key.toLowerCase().endsWith(key) && value.gpo !== '',
  );
  return { gpo: named?.gpo ?? facts.appliedPolicies.items.join(', '), certain: named !== undefined };
}

const detect: Cause['detect'] = (look) => [
  ...detectOff(look),
  ...(isSetByPolicy(look) ? [found('TlsSetByPolicy', 'fault', culprit(look))] : []),
  ...detectGroupPolicy(look),
];

function switchOn(look: Look, set: string): Change[] {
  const { facts, options } = look;
  const versions = VERSIONS.filter((version) => {
    if (version === 'TLS 1.3') return hasTls13(facts);
    return version === 'TLS 1.2' || options.legacyTls;
  });
  const holds = facts.scope === 'online' || options.agentAnswers;
  // Group Policy first and TLS 1.2 last: cut off anywhere between, the next run still finds its fault.
  return [
    ...(holds ? setValue(facts, set, HOLD_POLICY, dword(4)) : []),
    ...versions.flatMap(serverDomains).flatMap(({ domain, right }) => setValue(facts, set, domain, right)),
  ];
}

function repair(look: Look): Change[] {
  // It would only come back: it must be changed where it is made.
  if (isSetByPolicy(look)) return giveGroupPolicyBack(look);
  if (!detectOff(look).some(isFault)) return giveGroupPolicyBack(look);
  const suites = isEmptyList(look.facts, '', SUITE_POLICY) ? setValue(look.facts, '', SUITES, null) : [];
  return [...eachSet(look, (set) => switchOn(look, set)), ...suites];
}

export const tls: Cause = {
  id: 'tls',
  step: 'tls',
  order: 10,
  title: 'TLS is disabled',
  findings: FINDINGS,
  reads: [
    ...VERSIONS.map((version) => ({
      hive: 'system' as const,
      path: protocolKey(version, 'Server'),
      names: ['Enabled', 'DisabledByDefault'],
    })),
    { hive: 'software', path: SUITE_POLICY, names: ['Functions'] },
    { hive: 'system', path: GPSVC, names: ['Start'] },
  ],
  writes: [HOLD_POLICY, ...VERSIONS.flatMap(serverDomains).map(({ domain }) => domain), SUITES],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'with-restart-of-vm',
  words: {
    seen: 'TLS 1.2 is disabled for servers in SCHANNEL, or a cipher suite policy leaves no suite; after the repair, TLS is disabled again by a policy refresh.',
    mend: '`Enabled` 1 and `DisabledByDefault` 0 for 1.2 (and 1.3 from build 20348 on; 1.0 and 1.1 only when asked for); disables `gpsvc` so that no policy undoes it at the next boot (offline only if an agent can re-enable it); restarts the VM; then sets `gpsvc` back to automatic and refreshes the policies.',
    guidance: 'Enable TLS 1.2 for the server in SCHANNEL; if a Group Policy disables it, change the policy.',
    byHand:
      "`$k = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server'; Set-ItemProperty -Path $k -Name Enabled -Value 1; Set-ItemProperty -Path $k -Name DisabledByDefault -Value 0`, `Set-ItemProperty -Path HKLM:\\SYSTEM\\CurrentControlSet\\Services\\gpsvc -Name Start -Value 4` as SYSTEM, restart; then the same with 2, restart, `gpupdate.exe /force /target:computer`",
    undo: 'Restore the values; if a policy causes the fault again, change it in Active Directory.',
  },
  recipe: [
    fixedValue(HOLD_POLICY, dword(2), dword(4)),
    ...serverDomains('TLS 1.2').map(({ domain, right }) =>
      fixedValue(domain, domain.name === 'Enabled' ? dword(0) : dword(1), right),
    ),
  ],
};
