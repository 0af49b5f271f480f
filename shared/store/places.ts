import type { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { PlaceHolder } from '../intake/ports.ts';
import { deleteBlob, readBlob, writeBlob, type WriteGuard } from './blob-json.ts';

const holderSchema = z.object({ instanceid: z.string(), takenat: z.coerce.number() });

interface Place {
  readonly name: string;
  readonly holder: PlaceHolder;
}
type IsOver = (holder: PlaceHolder) => Promise<boolean>;

/**
 * The places of a subscription are blobs `0 … n-1`: one that does not exist is free. Whoever creates one
 * (If-None-Match) or takes one over (If-Match) has it, so two hosts never share a place, and no lock has
 * to be given back by a host that died. The holder stands in the blob's metadata, so that one list call
 * tells all of them.
 */
export function createPlaces(container: ContainerClient, prefix: string) {
  async function held(subscriptionId: string): Promise<Place[]> {
    const places: Place[] = [];
    const options = { prefix: `${prefix}${subscriptionId}/`, includeMetadata: true };
    for await (const { name, metadata } of container.listBlobsFlat(options)) {
      const read = holderSchema.safeParse(metadata).data;
      if (read) places.push({ name, holder: { instanceId: read.instanceid, takenAt: read.takenat } });
    }
    return places;
  }

  const put = (name: string, { instanceId, takenAt }: PlaceHolder, guard: WriteGuard): Promise<boolean> =>
    writeBlob(container, name, JSON.stringify({ instanceId, takenAt }), {
      contentType: 'application/json',
      metadata: { instanceid: instanceId, takenat: String(takenAt) },
      guard,
    });

  /** Replaces the holder, unless somebody did so since it was listed: then the body is another's already. */
  async function replace({ name, holder: before }: Place, holder: PlaceHolder): Promise<boolean> {
    const blob = await readBlob(container, name);
    if (blob?.etag === undefined) return put(name, holder, { ifNoneMatch: '*' });
    const same = blob.text === JSON.stringify({ instanceId: before.instanceId, takenAt: before.takenAt });
    return same && put(name, holder, { ifMatch: blob.etag });
  }

  return {
    async takePlace(
      subscriptionId: string,
      places: number,
      holder: PlaceHolder,
      isOver: IsOver,
    ): Promise<boolean> {
      const taken = await held(subscriptionId);
      const own = taken.find((place) => place.holder.instanceId === holder.instanceId);
      if (own) {
        // Its own, of an earlier attempt or of a start in this very instant: who renews it does not matter.
        await replace(own, holder);
        return true;
      }
      const names = new Set(taken.map(({ name }) => name));
      for (let index = 0; index < places; index++) {
        const name = `${prefix}${subscriptionId}/${index}`;
        if (!names.has(name) && (await put(name, holder, { ifNoneMatch: '*' }))) return true;
      }
      for (const place of taken) {
        // A place beyond the number that the policy now allows runs out, and is not given again.
        if (Number(place.name.split('/').at(-1)) >= places) continue;
        if ((await isOver(place.holder)) && (await replace(place, holder))) return true;
      }
      return false;
    },
    async freePlace(subscriptionId: string, instanceId: string): Promise<void> {
      for (const { name, holder } of await held(subscriptionId)) {
        if (holder.instanceId === instanceId) await deleteBlob(container, name);
      }
    },
    placeHolders: async (subscriptionId: string): Promise<PlaceHolder[]> =>
      (await held(subscriptionId)).map(({ holder }) => holder),
  };
}
