import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { RecordFilter, RecordStore, RecordSummary } from '../intake/ports.ts';
import {
  outcomeKindSchema,
  phaseSchema,
  remediationRecordSchema,
  type RemediationRecord,
} from '../model/record.ts';
import { instanceIdOf } from '../model/remediation-id.ts';
import { MedicError } from '../errors.ts';
import { readBlob, readProperties, replaceBlob, writeBlob, type WriteGuard } from './blob-json.ts';

const REMEDIATION = /^(vm-[0-9a-f]{32}-[0-9a-z-]+)\/record\.json$/;

const ownerSchema = z.object({ epoch: z.coerce.number().int() });

/** How often a write is tried while the same record is written elsewhere: an activity may run twice at once. */
const WRITE_TRIES = 5;

/** Of how many records a process remembers what it wrote last: more than it carries on at a time. */
const REMEMBERED = 1000;

/** What stands of a record: its ETag, and who may write it. */
interface Standing {
  readonly etag: string | undefined;
  readonly epoch: number;
}

/** The line of the list, kept as the blob's metadata, so that a list costs no read of each record. */
const summarySchema = z.object({
  vmid: z.string(),
  phase: phaseSchema,
  outcome: outcomeKindSchema.optional(),
  startedat: z.string(),
  endedat: z.string().optional(),
});

/**
 * The records of all attempts in a blob container: `<id>/record.json` and
 * `<id>/report.html`. An id begins with the instance id of its VM, so the attempts on a VM are one
 * prefix.
 */
export function createRecordStore(container: ContainerClient): RecordStore {
  // Who wrote last need not ask what stands: where another wrote since, the guard does not hold.
  const written = new LRUCache<string, Standing>({ max: REMEMBERED });

  async function standingOf(id: string): Promise<Standing | undefined> {
    const properties = await readProperties(container, recordOf(id));
    return properties && { etag: properties.etag, epoch: epochIn(properties.metadata) };
  }

  async function summaries(prefix: string): Promise<RecordSummary[]> {
    const found: RecordSummary[] = [];
    for await (const blob of container.listBlobsFlat({ prefix, includeMetadata: true })) {
      const summary = toSummary(blob);
      if (summary) found.push(summary);
    }
    return found.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  }

  async function put(record: RemediationRecord, guard: WriteGuard): Promise<boolean> {
    const { id, vm, phase, owner, outcome, startedAt, endedAt, snapshot, rescueGroup } = record;
    written.delete(id);
    const replaced = await replaceBlob(container, recordOf(id), JSON.stringify(record), {
      contentType: 'application/json',
      guard,
      metadata: {
        vmid: vm.id,
        phase,
        epoch: String(owner.epoch),
        startedat: startedAt,
        ...(outcome ? { outcome: outcome.kind } : {}),
        ...(endedAt === undefined ? {} : { endedat: endedAt }),
        // Where the janitor looks once the VM is gone.
        ...(snapshot ? { snapshotid: snapshot.id } : {}),
        ...(rescueGroup === undefined ? {} : { rescuegroup: rescueGroup }),
      },
    });
    if (replaced) written.set(id, { etag: replaced.etag, epoch: owner.epoch });
    return replaced !== undefined;
  }

  async function putReport(id: string, html: string): Promise<void> {
    await writeBlob(container, reportOf(id), html, { contentType: 'text/html; charset=utf-8' });
  }

  return {
    async read(id) {
      const blob = await readBlob(container, recordOf(id));
      return blob && remediationRecordSchema.parse(JSON.parse(blob.text));
    },
    async epochOf(id) {
      const properties = await readProperties(container, recordOf(id));
      return properties && epochIn(properties.metadata);
    },
    async takeOver(id, owner) {
      const blob = await readBlob(container, recordOf(id));
      if (blob?.etag === undefined) return false;
      const record = remediationRecordSchema.parse(JSON.parse(blob.text));
      return record.owner.epoch < owner.epoch && put({ ...record, owner }, { ifMatch: blob.etag });
    },
    async write(record, report) {
      // A report has no guard of its own: whose the remediation is by now is asked before it is written.
      if (report !== undefined) written.delete(record.id);
      for (let tries = 1; tries <= WRITE_TRIES; tries++) {
        const standing = written.get(record.id) ?? (await standingOf(record.id));
        if (standing && standing.epoch > record.owner.epoch)
          throw new MedicError('Superseded', `The record of ${record.id} belongs to another instance.`);
        // First, so that whoever reads of an end finds its report.
        if (report !== undefined) await putReport(record.id, report);
        const guard =
          standing?.etag === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: standing.etag };
        if (await put(record, guard)) return;
      }
      throw new MedicError(
        'AzureConflict',
        `The record of ${record.id} is being written by several instances at once.`,
      );
    },
    async list(filter = {}) {
      const all = await summaries(filter.vmId === undefined ? 'vm-' : `${instanceIdOf(filter.vmId)}-`);
      return all.filter((summary) => fits(summary, filter)).slice(0, filter.limit ?? 100);
    },
    async unfinished() {
      return (await summaries('vm-')).filter(({ endedAt }) => endedAt === undefined).map(({ id }) => id);
    },
    attempts: (vmId) => summaries(`${instanceIdOf(vmId)}-`),
    async readReport(id) {
      return (await readBlob(container, reportOf(id)))?.text;
    },
  };
}

function recordOf(id: string): string {
  return `${id}/record.json`;
}

function reportOf(id: string): string {
  return `${id}/report.html`;
}

function epochIn(metadata: Record<string, string> | undefined): number {
  return ownerSchema.safeParse(metadata).data?.epoch ?? 0;
}

function fits(summary: RecordSummary, { outcome }: RecordFilter): boolean {
  return outcome === undefined || summary.outcome === outcome;
}

function toSummary({ name, metadata }: BlobItem): RecordSummary | undefined {
  const id = REMEDIATION.exec(name)?.[1];
  const read = summarySchema.safeParse(metadata);
  if (id === undefined || !read.success) return undefined;
  const { vmid: vmId, phase, outcome, startedat: startedAt, endedat: endedAt } = read.data;
  return {
    id,
    vmId,
    phase,
    startedAt,
    ...(outcome ? { outcome } : {}),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}
