import type { CertificateFact, Facts } from '../model/facts.ts';
import { hasTls13, isSwitchedOff } from './schannel.ts';

const SUITES_OF_1_3 = /^TLS_(AES|CHACHA20)_/;
const BY_KEY = {
  RSA: /^TLS_(ECDHE_RSA|DHE_RSA|RSA)_WITH_(AES|CHACHA20|3DES)/,
  ECDSA: /^TLS_ECDHE_ECDSA_WITH_(AES|CHACHA20)/,
} as const;

/** What kind of key a suite must be made for; Windows' own certificate is an RSA one. */
export function keyKind(certificate: CertificateFact | undefined): keyof typeof BY_KEY {
  return certificate?.algorithm === 'ECDSA' ? 'ECDSA' : 'RSA';
}

/** Whether a list of suites holds one that such a key can serve; those of TLS 1.3 name no key exchange. */
export function servesKey(
  facts: Facts,
  set: string,
  suites: readonly string[],
  kind: keyof typeof BY_KEY,
): boolean {
  const has13 = hasTls13(facts) && !isSwitchedOff(facts, set, 'TLS 1.3', 'Server');
  return suites.some((suite) => BY_KEY[kind].test(suite) || (has13 && SUITES_OF_1_3.test(suite)));
}

/** Suites that every Windows since Server 2016 has, strongest first, for both kinds of key. */
const COMMON = [
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256',
];

export const SUITE_LISTS = {
  with13: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256', ...COMMON],
  without13: COMMON,
};
