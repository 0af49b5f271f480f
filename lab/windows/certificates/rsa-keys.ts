import { generateKeyPairSync } from 'node:crypto';
import { madeCredentials } from '../../credentials.ts';

const POOL_SIZE = 2;

let pool: string[] | undefined;
let taken = 0;

/** PEM texts of new RSA 2048 keys. */
export function newRsaKeys(): string[] {
  return Array.from({ length: POOL_SIZE }, () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    return privateKey;
  });
}

/**
 * PEM of an RSA 2048 key out of a small pool: a fleet starts in a moment, and keys only ever meet the lab's own loopback. Neighbouring calls get
 * different keys.
 */
export function pooledRsaKey(): string {
  pool ??= madeCredentials()?.rsaKeys ?? newRsaKeys();
  const key = pool[taken++ % pool.length];
  if (key === undefined) throw new Error('There is no key in the pool.');
  return key;
}
