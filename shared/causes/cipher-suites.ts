import type { Change, RegistryData } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import type { Cause, Look, RegistryDomain } from './cause.ts';
import { servedCertificate } from './certificates.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import { eachSet, inSet, listOf, setValue, valueOf } from './look.ts';
import { policyOf } from './policy.ts';
import { hasTls13, isEmptyList, SUITE_LIST, SUITE_POLICY } from './schannel.ts';
import { keyKind, servesKey, SUITE_LISTS } from './suites.ts';

const list = (data: readonly string[]): RegistryData => ({ kind: 'MultiString', data: [...data] });
const POLICY: RegistryDomain = { hive: 'software', path: SUITE_POLICY, name: 'Functions', after: [null] };
const LOCAL: RegistryDomain = {
  hive: 'system',
  path: SUITE_LIST,
  name: 'Functions',
  after: [list(SUITE_LISTS.with13), list(SUITE_LISTS.without13)],
};

const FINDINGS = {
  CipherSuitesUnusable: 'the cipher suites that are left do not go with the certificate of RDP',
  CipherSuitesSetByPolicy:
    'a Group Policy leaves only cipher suites that do not go with the certificate of RDP; it must be changed there',
  CipherListEmpty: 'the local list of cipher suites is empty',
} as const;
const found = findingsOf('cipher-suites', FINDINGS);

function isSet({ facts }: Look, set: string, path: string): boolean {
  return valueOf(facts, set, path, 'Functions') !== undefined;
}

function isUnusable(look: Look, set: string, place: { set: string; path: string }): boolean {
  const suites = listOf(look.facts, place.set, place.path, 'Functions') ?? [];
  return !servesKey(look.facts, set, suites, keyKind(servedCertificate(look)));
}

/** The policy's list wins; one that names no suite at all is of the cause `tls`. */
function isPolicyAtFault(look: Look): boolean {
  const [set = ''] = look.facts.sets;
  if (!isSet(look, '', SUITE_POLICY) || isEmptyList(look.facts, '', SUITE_POLICY)) return false;
  return isUnusable(look, set, { set: '', path: SUITE_POLICY });
}

function isListAtFault(look: Look, set: string): boolean {
  return isSet(look, set, SUITE_LIST) && isUnusable(look, set, { set, path: SUITE_LIST });
}

function gpoOf({ facts }: Look): string | undefined {
  const gpo = policyOf(facts, SUITE_POLICY, 'Functions');
  return gpo === 'unknown' ? undefined : gpo;
}

function detectPolicy(look: Look): Finding[] {
  if (!isPolicyAtFault(look)) return [];
  const data = { list: 'policy', certificate: keyKind(servedCertificate(look)) };
  const gpo = gpoOf(look);
  return gpo === undefined
    ? [found('CipherSuitesUnusable', 'fault', data)]
    : [found('CipherSuitesSetByPolicy', 'fault', { ...data, gpo })];
}

const detect: Cause['detect'] = (look) => {
  // Behind a list of the policy the local one does not count.
  const severity = isSet(look, '', SUITE_POLICY) ? 'warning' : 'fault';
  const local = eachSet(look, (set) => {
    if (!isListAtFault(look, set)) return [];
    const isEmpty = isEmptyList(look.facts, set, SUITE_LIST);
    const data = { list: 'local', certificate: keyKind(servedCertificate(look)), ...inSet(look, set) };
    return [found(isEmpty ? 'CipherListEmpty' : 'CipherSuitesUnusable', severity, data)];
  });
  return [...detectPolicy(look), ...local];
};

function repair(look: Look): Change[] {
  const { facts } = look;
  const lets = isPolicyAtFault(look) && gpoOf(look) === undefined;
  const right = list(hasTls13(facts) ? SUITE_LISTS.with13 : SUITE_LISTS.without13);
  return [
    ...(lets ? setValue(facts, '', POLICY, null) : []),
    // Also where it only would count once the policy's list is gone.
    ...eachSet(look, (set) => (isListAtFault(look, set) ? setValue(facts, set, LOCAL, right) : [])),
  ];
}

export const cipherSuites: Cause = {
  id: 'cipher-suites',
  step: 'tls',
  order: 20,
  title: 'The cipher suites do not go with the certificate',
  findings: FINDINGS,
  reads: [
    { hive: 'software', path: SUITE_POLICY, names: ['Functions'] },
    { hive: 'system', path: SUITE_LIST, names: ['Functions'] },
  ],
  writes: [POLICY, LOCAL],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'with-restart-of-vm',
  words: {
    seen: "The suites in force, of a policy or of the VM's own list, hold none that the certificate's key can serve: only `ECDSA` ones beside an RSA certificate, or none at all.",
    mend: "Takes away the list of a policy that no Group Policy object sets (Windows' own counts then); writes suites that every Windows since Server 2016 has into the VM's own list; a Group Policy is only named.",
    guidance:
      'Put TLS_ECDHE_RSA suites into the list of cipher suites; if a group policy sets it, change the policy.',
    byHand:
      "`Remove-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002' -Name Functions`, or `Enable-TlsCipherSuite TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`; restart",
    undo: 'Write the list back, as the record has it.',
  },
  recipe: [],
};
