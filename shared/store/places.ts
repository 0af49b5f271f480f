import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import * as z from 'zod';
import type { PlaceHolder } from '../intake/ports.ts';
import { deleteBlob, readBlob, writeBlob, type WriteGuard } from './blob-json.ts';

const holderSchema = z.object({ instanceid: z.string(), takenat: z.coerce.number() });

const bodySchema = z.object({ instanceId: z.string() });

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

  async function holderOf(name: string): Promise<string | undefined> {
    const blob = await readBlob(container, name);
    return blob && bodySchema.safeParse(JSON.parse(blob.text)).data?.instanceId;
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
      const known = new Map(taken.map((place) => [place.name, place]));
      const order = probingOrder(holder.instanceId, places).map(
        (index) => `${prefix}${subscriptionId}/${String(index)}`,
      );
      for (const name of order) {
        if (known.has(name)) continue;
        if (await put(name, holder, { ifNoneMatch: '*' })) return true;
        // Somebody was faster. If that was the same instance, started twice in one instant, it is enough.
        if ((await holderOf(name)) === holder.instanceId) return true;
      }
      for (const name of order) {
        const place = known.get(name);
        if (place && (await isOver(place.holder)) && (await replace(place, holder))) return true;
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

/**
 * The order in which an instance tries the places: its own, and always the same. Two starts of one VM thus
 * meet at the same place instead of taking two, and a storm of VMs does not queue up at place 0.
 */
function probingOrder(instanceId: string, places: number): number[] {
  const first = createHash('sha256').update(instanceId).digest().readUInt32BE() % places;
  return Array.from({ length: places }, (_, step) => (first + step) % places);
}
