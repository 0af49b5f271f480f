import type { Change } from '../model/change.ts';
import type { CertificateFact, Facts } from '../model/facts.ts';
import type { Look } from './cause.ts';
import { isClockFarOff } from './clock-skew.ts';
import { isDiskFull } from './disk-full.ts';
import { isUnread } from './finding.ts';
import { RDP_TCP } from './listener.ts';
import { valueOf } from './look.ts';

const DAY_MS = 24 * 3_600_000;
export const BINDING = 'SSLCertificateSHA1Hash';

/** Milliseconds since the epoch as everybody else has it: by the clock of whoever looked, less what that is known to be ahead. */
function timeOf({ at, clockAheadSeconds }: Facts): number {
  return Date.parse(at) - (clockAheadSeconds ?? 0) * 1000;
}

/** Out of its time; a day's grace for one that was made just now elsewhere. */
export function isOutOfTime(facts: Facts, { state, notBefore, notAfter }: CertificateFact): boolean {
  if (state !== 'parsed' || notBefore === null || notAfter === null) return false;
  const now = timeOf(facts);
  return Date.parse(notAfter) < now || Date.parse(notBefore) > now + DAY_MS;
}

/** Windows made it and will make another; a corrupt one in the same store is its work as well. */
export function isWindowsOwn({ state, selfIssued }: CertificateFact): boolean {
  return selfIssued || state === 'corrupt';
}

/** Thumbprint bound to the listener, upper case; `undefined` where none is. */
export function boundThumbprint(facts: Facts, set: string): string | undefined {
  const value = valueOf(facts, set, RDP_TCP, BINDING);
  return value?.kind === 'Binary' && typeof value.data === 'string' ? value.data.toUpperCase() : undefined;
}

export type Binding = 'none' | 'good' | 'missing' | 'expired' | 'unknown';

/** How it stands with the certificate that an administrator bound to the listener. */
export function bindingOf(look: Look, set: string): Binding {
  const { facts } = look;
  const thumbprint = boundThumbprint(facts, set);
  if (thumbprint === undefined) return 'none';
  const { boundCertificate, keys } = facts;
  // Only the current set's is looked up.
  if (isUnread(look, 'boundCertificate') || set !== facts.sets[0]) return 'unknown';
  if (boundCertificate?.state !== 'parsed' || !boundCertificate.namesKey) return 'missing';
  if (keys.boundKey?.state === 'missing') return 'missing';
  return isOutOfTime(facts, boundCertificate) ? 'expired' : 'good';
}

/** The certificate that RDP serves: the bound one, else Windows' own. */
export function servedCertificate(look: Look): CertificateFact | undefined {
  const { facts } = look;
  const [set] = facts.sets;
  const isBound = set !== undefined && bindingOf(look, set) === 'good';
  if (isBound && facts.boundCertificate !== null) return facts.boundCertificate;
  return facts.rdpCertificates.items.find(({ state }) => state === 'parsed');
}

/**
 * Deletes certificates that Windows made, so that it makes another with a new key. Not where it could not make one that is of any
 * use: an expired certificate is better than none.
 */
export function renew(
  facts: Facts,
  certificates: readonly CertificateFact[],
  { keyAside }: { keyAside: boolean },
): Change[] {
  if (isDiskFull(facts) || isClockFarOff(facts)) return [];
  const thumbprints = certificates.filter(isWindowsOwn).map(({ thumbprint }) => thumbprint);
  const { total, items } = facts.rdpCertificates;
  return [{ do: 'Renew-Certificate', thumbprints, others: total > items.length, keyAside }];
}
