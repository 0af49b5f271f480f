import type { RegistryData } from '../model/change.ts';
import type { Facts } from '../model/facts.ts';
import type { RegistryDomain } from './cause.ts';
import { dword, listOf, numberOf, valueOf } from './look.ts';

export const SCHANNEL = 'Control\\SecurityProviders\\SCHANNEL';
/** Below SOFTWARE: suites by policy. */
export const SUITE_POLICY = 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
/** Suites of this Windows itself. */
export const SUITE_LIST = 'Control\\Cryptography\\Configuration\\Local\\SSL\\00010002';

export type TlsVersion = 'TLS 1.0' | 'TLS 1.1' | 'TLS 1.2' | 'TLS 1.3';
export type TlsSide = 'Server' | 'Client';

/** TLS 1.3 came with Windows Server 2022; switching it on below is unsafe (Protocols in TLS/SSL). */
const FIRST_BUILD_WITH_TLS_1_3 = 20_348;

export function hasTls13({ windows }: Facts): boolean {
  return windows.build >= FIRST_BUILD_WITH_TLS_1_3;
}

export function protocolKey(version: TlsVersion, side: TlsSide): string {
  return `${SCHANNEL}\\Protocols\\${version}\\${side}`;
}

/** No key means the default of the Windows version: on. */
export function isSwitchedOff(facts: Facts, set: string, version: TlsVersion, side: TlsSide): boolean {
  return numberOf(facts, set, protocolKey(version, side), 'Enabled') === 0;
}

/** Offered only to a program that asks for it, which RDP does not. */
export function isOffByDefault(facts: Facts, set: string, version: TlsVersion): boolean {
  return (numberOf(facts, set, protocolKey(version, 'Server'), 'DisabledByDefault') ?? 0) !== 0;
}

/** The two values that have a server offer a version, in the order in which they are written. */
export function serverDomains(
  version: TlsVersion,
): readonly { domain: RegistryDomain; right: RegistryData }[] {
  const one = (name: string, right: RegistryData) => ({
    domain: { hive: 'system' as const, path: protocolKey(version, 'Server'), name, after: [right] },
    right,
  });
  // Enabled counts only with DisabledByDefault 0.
  return [one('DisabledByDefault', dword(0)), one('Enabled', dword(1))];
}

/** A list of suites is there, and names none of TLS. */
export function isEmptyList(facts: Facts, set: string, path: string): boolean {
  if (valueOf(facts, set, path, 'Functions') === undefined) return false;
  return !(listOf(facts, set, path, 'Functions') ?? []).some((suite) => suite.includes('TLS_'));
}
