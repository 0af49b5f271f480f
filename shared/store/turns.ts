import type { ContainerClient } from '@azure/storage-blob';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { readBlob, writeBlob } from './blob-json.ts';

/** When turns were taken, in milliseconds since the epoch. */
const turnsSchema = z.object({ taken: z.array(z.number()) });

/** Hosts that count at the same moment; where there are more, whoever asked waits for the next try. */
const TRIES = 30;

/** Counts what may be done so often within a time: a blob for each key, written only as it was read (ETag), so no host forgets another's. */
export function createTurns(
  container: ContainerClient,
  nameOf: (key: string) => string,
  clock: Pick<Clock, 'now'>,
) {
  async function look(key: string, seconds: number): Promise<{ recent: number[]; etag: string | undefined }> {
    const blob = await readBlob(container, nameOf(key));
    const taken = blob ? turnsSchema.parse(JSON.parse(blob.text)).taken : [];
    const since = clock.now() - seconds * 1000;
    return { recent: taken.filter((at) => at > since), etag: blob?.etag };
  }
  async function take(key: string, most: number, seconds: number): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { recent, etag } = await look(key, seconds);
      if (recent.length >= most) return false;
      const taken = await writeBlob(
        container,
        nameOf(key),
        JSON.stringify({ taken: [...recent, clock.now()] }),
        {
          contentType: 'application/json',
          guard: etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag },
        },
      );
      if (taken) return true;
    }
    return false;
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    takeTurn(key: string, most: number, seconds: number): Promise<boolean> {
      // One after the other within a host: hundreds at once would use up their tries on each other.
      const mine = last.then(() => take(key, most, seconds));
      last = mine.catch(() => undefined);
      return mine;
    },
    turnsTaken: async (key: string, seconds: number): Promise<number> =>
      (await look(key, seconds)).recent.length,
  };
}
