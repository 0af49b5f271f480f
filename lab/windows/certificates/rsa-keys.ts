import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';

const POOL_SIZE = 2;
const PEM = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/g;

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
 * different keys. The pool is made on first use, or read from the file that `RDP_MEDIC_LAB_KEYS` names: a run of tests makes it once.
 */
export function pooledRsaKey(): string {
  pool ??= readPool(process.env['RDP_MEDIC_LAB_KEYS']);
  const key = pool[taken++ % pool.length];
  if (key === undefined) throw new Error('There is no key in the file that RDP_MEDIC_LAB_KEYS names.');
  return key;
}

function readPool(file: string | undefined): string[] {
  return file === undefined ? newRsaKeys() : (readFileSync(file, 'utf8').match(PEM) ?? []);
}
