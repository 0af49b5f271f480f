import { readFileSync } from 'node:fs';
import * as z from 'zod';

const credentialsSchema = z.object({
  /** PEM texts of RSA 2048 keys, for the machines of a lab. */
  rsaKeys: z.array(z.string()).min(2),
  /** Of the lab's own endpoints: clients trust the CA, the server shows the leaf. */
  authority: z.object({ caPem: z.string(), certificatePem: z.string(), keyPem: z.string() }),
});
export type Credentials = z.infer<typeof credentialsSchema>;

let read: Credentials | undefined;

/**
 * Keys and certificates that are made already, from the file that `RDP_MEDIC_LAB_CREDENTIALS` names: a run of tests makes them once, and
 * not for each lab. `undefined` where each lab makes its own.
 */
export function madeCredentials(): Credentials | undefined {
  const file = process.env['RDP_MEDIC_LAB_CREDENTIALS'];
  if (file !== undefined) read ??= credentialsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return read;
}
