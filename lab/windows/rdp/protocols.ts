import type { Hive } from '../disk.ts';
import { hiveList, hiveNumber, hiveText, hiveValue } from '../hive.ts';

export const TLS_VERSIONS = ['TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** TLS 1.3 came with Windows Server 2022 (Protocols in TLS/SSL). */
const FIRST_BUILD_WITH_TLS_1_3 = 20_348;

export const SCHANNEL = 'Control\\SecurityProviders\\SCHANNEL';
const SUITE_KEY = 'Cryptography\\Configuration\\SSL\\00010002';

/**
 * Versions that a server credential opened now would offer: `Enabled` 0 or `DisabledByDefault` 1 take one away
 * (TLS registry settings), without a key the default of the OS counts.
 */
export function serverTlsVersions(system: Hive, controlSet: string, build: number): TlsVersion[] {
  return TLS_VERSIONS.filter((version) => {
    if (version === 'TLS 1.3' && build < FIRST_BUILD_WITH_TLS_1_3) return false;
    const key = `${controlSet}\\${SCHANNEL}\\Protocols\\${version}\\Server`;
    const enabled = hiveNumber(system, key, 'Enabled') ?? 1;
    return enabled !== 0 && (hiveNumber(system, key, 'DisabledByDefault') ?? 0) === 0;
  });
}

/** Suites an RSA certificate can serve; those of TLS 1.3 name no key exchange. */
const RSA_SUITE = /^TLS_(ECDHE_RSA|DHE_RSA|RSA_WITH)_/;
const SUITE_OF_1_3 = /^TLS_(AES|CHACHA20)_/;
/** SCHANNEL's switches by what they take away: one of each has to be left. */
const NEEDED_ALGORITHMS = {
  Ciphers: ['AES 128/128', 'AES 256/256'],
  Hashes: ['SHA256', 'SHA384'],
  KeyExchangeAlgorithms: ['ECDH', 'PKCS', 'Diffie-Hellman'],
} as const;

/**
 * Whether any cipher suite is left for an RSA certificate: suite order by policy, or the local list, without a
 * usable one; or every cipher, hash or key exchange of today switched off in SCHANNEL.
 */
export function hasUsableSuite(
  system: Hive,
  software: Hive,
  controlSet: string,
  versions: readonly TlsVersion[],
): boolean {
  const policyKey = `Policies\\Microsoft\\${SUITE_KEY}`;
  const localKey = `${controlSet}\\Control\\Cryptography\\Configuration\\Local\\SSL\\00010002`;
  const lists = [suites(software, policyKey), suites(system, localKey)];
  const inForce = lists.find((list) => list !== undefined);
  const isUsable = (suite: string): boolean =>
    RSA_SUITE.test(suite) || (versions.includes('TLS 1.3') && SUITE_OF_1_3.test(suite));
  if (inForce && !inForce.some(isUsable)) return false;
  return Object.entries(NEEDED_ALGORITHMS).every(([kind, names]) =>
    names.some((name) => hiveNumber(system, `${controlSet}\\${SCHANNEL}\\${kind}\\${name}`, 'Enabled') !== 0),
  );
}

/** `Functions` is one comma-separated string by policy, a list of strings locally. */
function suites(hive: Hive, key: string): string[] | undefined {
  if (!hiveValue(hive, key, 'Functions')) return undefined;
  const text = hiveText(hive, key, 'Functions');
  return text === undefined ? hiveList(hive, key, 'Functions') : text.split(',').map((suite) => suite.trim());
}

/** FIPS mode as `MinEncryptionLevel` 4 asks for it (RDP authentication errors article). */
export function fipsMode(system: Hive, controlSet: string): boolean {
  return hiveNumber(system, `${controlSet}\\Control\\Lsa\\FIPSAlgorithmPolicy`, 'Enabled') === 1;
}
