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
  CipherSuitesUnusable: 'no enabled cipher suite works with the RDP certificate',
  CipherSuitesSetByPolicy:
    'a Group Policy allows only cipher suites that do not work with the RDP certificate; change it in the policy',
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
  title: 'The cipher suites do not work with the certificate',
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
    seen: 'None of the cipher suites in effect, set by policy or locally, works with the key of the certificate: only `ECDSA` ones beside an RSA certificate, or none at all.',
    mend: 'Removes a policy list that no Group Policy object sets (the Windows default then applies); writes suites that every Windows since Server 2016 supports to the local list; a Group Policy is only reported.',
    guidance:
      'Add TLS_ECDHE_RSA suites to the list of cipher suites; if a Group Policy sets the list, change the policy.',
    byHand:
      "`Remove-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002' -Name Functions`, or `Enable-TlsCipherSuite TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`; restart",
    undo: 'Restore the list from the record.',
  },
  recipe: [],
};
