import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { ErrorCode } from '../error-codes.ts';
import { ERRORS } from '../error-codes.ts';
import { WAITING_MARK_SECONDS, type IntakeStore } from '../intake/ports.ts';
import { remediationRequestSchema, sourceSchema } from '../model/request.ts';
import { deleteBlob, readBlob, writeBlob, type WriteGuard } from './blob-json.ts';
import { createPlaces } from './places.ts';
import { createTurns } from './turns.ts';

/** Beside the remediations, under a prefix that no remediation's id can have. */
export const INTAKE_ROOT = '_intake/';

const codeSchema = z.string().refine((code): code is ErrorCode => Object.hasOwn(ERRORS, code));
const problemSchema = z.object({
  code: codeSchema,
  message: z.string(),
  next: z.string(),
});
const answerSchema = z.object({
  bodyHash: z.string(),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown().optional(),
});
const waitingSchema = z.object({
  instanceId: z.string(),
  vmId: z.string(),
  since: z.iso.datetime(),
  reason: z.string(),
});
const asideSchema = z.object({
  id: z.string(),
  at: z.string(),
  queue: z.string(),
  problem: problemSchema,
  sha256: z.string(),
  bytes: z.int(),
  request: remediationRequestSchema.optional(),
});

const READ_TOGETHER = 20;

/** What intake remembers, in blobs; names that come from outside are hashed into the blobs' names. */
export function createIntakeStore(container: ContainerClient, clock: Pick<Clock, 'now'>): IntakeStore {
  const path = (kind: string, key: string): string => `${INTAKE_ROOT}${kind}/${hash(key)}.json`;
  const put = (name: string, value: unknown, guard?: WriteGuard): Promise<boolean> =>
    writeBlob(container, name, JSON.stringify(value), {
      contentType: 'application/json',
      ...(guard ? { guard } : {}),
    });
  async function get<T>(schema: z.ZodType<T>, name: string): Promise<T | undefined> {
    const blob = await readBlob(container, name);
    return blob && schema.parse(JSON.parse(blob.text));
  }
  /** Those of a kind, the last written first; of very many only as many are read as are asked for. */
  async function list<T>(schema: z.ZodType<T>, kind: string, most = Infinity): Promise<T[]> {
    const blobs: { name: string; written: number }[] = [];
    for await (const { name, properties } of container.listBlobsFlat({ prefix: `${INTAKE_ROOT}${kind}/` })) {
      blobs.push({ name, written: properties.lastModified.getTime() });
    }
    const newest = blobs.sort((a, b) => b.written - a.written).slice(0, most);
    const found: (T | undefined)[] = [];
    for (let at = 0; at < newest.length; at += READ_TOGETHER) {
      const some = newest.slice(at, at + READ_TOGETHER);
      found.push(...(await Promise.all(some.map(({ name }) => get(schema, name)))));
    }
    return found.filter((one) => one !== undefined);
  }

  return {
    ...createPlaces(container, `${INTAKE_ROOT}places/`),
    claim: (kind, key) => put(path(kind, key), { at: clock.now() }, { ifNoneMatch: '*' }),
    isClaimed: async (kind, key) => (await readBlob(container, path(kind, key))) !== undefined,
    release: (kind, key) => deleteBlob(container, path(kind, key)),

    follow: async (remediationId, ticket) => {
      const key = JSON.stringify([ticket.name, ticket.id, ticket.replyTo]);
      await put(`${INTAKE_ROOT}followers/${hash(remediationId)}/${hash(key)}.json`, ticket);
    },
    followers: (remediationId) => list(sourceSchema, `followers/${hash(remediationId)}`),

    ...createTurns(container, (key) => path('turn', key), clock),

    readAnswer: (key) => get(answerSchema, path('answer', key)),
    async keepAnswer(key, answer) {
      const name = path('answer', key);
      if (await put(name, answer, { ifNoneMatch: '*' })) return answer;
      return (await get(answerSchema, name)) ?? answer;
    },

    async startWaiting(waiting) {
      const name = path('waiting', waiting.instanceId);
      if (await put(name, waiting, { ifNoneMatch: '*' })) return true;
      const blob = await readBlob(container, name);
      const mark = blob && waitingSchema.parse(JSON.parse(blob.text));
      const stale = !mark || clock.now() - Date.parse(mark.since) > WAITING_MARK_SECONDS * 1000;
      const renewed = await put(name, waiting, blob?.etag === undefined ? undefined : { ifMatch: blob.etag });
      return stale && renewed;
    },
    stopWaiting: (instanceId) => deleteBlob(container, path('waiting', instanceId)),
    listWaiting: () => list(waitingSchema, 'waiting'),

    noteFailure: async (messageHash, failure) => {
      await put(path('failure', messageHash), failure);
    },
    readFailure: (messageHash) => get(problemSchema, path('failure', messageHash)),
    putAside: async (message) => {
      await put(path('aside', message.id), message);
    },
    readAside: (id) => get(asideSchema, path('aside', id)),
    forgetAside: (id) => deleteBlob(container, path('aside', id)),
    async listAside(limit = 100) {
      const newest = await list(asideSchema, 'aside', limit);
      return newest.sort((a, b) => b.at.localeCompare(a.at));
    },
  };
}

function hash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
