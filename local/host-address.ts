import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

/** Where a host on this machine answers, for whoever may read the file: the user who has started it. */
const hostAddressSchema = z.object({
  pid: z.int(),
  url: z.url(),
  key: z.string(),
  approverSecret: z.string(),
  /** Settings by which the Azure that it works on is found; empty for the one that the user has signed in to. */
  azure: z.record(z.string(), z.string()),
});
export type HostAddress = z.infer<typeof hostAddressSchema>;

const ANSWERS_WITHIN_MS = 3000;

/** Says where a host answers; nobody but the user may read it. */
export function writeHostAddress(file: string, address: HostAddress): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(address), { mode: 0o600 });
}

export function removeHostAddress(file: string): void {
  rmSync(file, { force: true });
}

/** The host that a file names, where it answers; `undefined` where none does: one that was killed leaves its file behind. */
export async function findHost(file: string): Promise<HostAddress | undefined> {
  const address = readAddress(file);
  if (!address) return undefined;
  try {
    const answer = await fetch(`${address.url}/api/openapi.json`, {
      headers: { 'x-functions-key': address.key },
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    // Another program may have the port by now; it knows nothing of the key.
    return answer.status === 401 || answer.status === 404 ? undefined : address;
  } catch {
    return undefined;
  }
}

function readAddress(file: string): HostAddress | undefined {
  try {
    return hostAddressSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
