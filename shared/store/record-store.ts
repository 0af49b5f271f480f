import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { RecordFilter, RecordStore, RecordSummary } from '../intake/ports.ts';
import { outcomeKindSchema, phaseSchema, remediationRecordSchema } from '../model/record.ts';
import { instanceIdOf } from '../model/remediation-id.ts';
import { readBlob, writeBlob } from './blob-json.ts';

const REMEDIATION = /^(vm-[0-9a-f]{32}-[0-9a-z-]+)\/record\.json$/;

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
  async function summaries(prefix: string): Promise<RecordSummary[]> {
    const found: RecordSummary[] = [];
    for await (const blob of container.listBlobsFlat({ prefix, includeMetadata: true })) {
      const summary = toSummary(blob);
      if (summary) found.push(summary);
    }
    return found.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  }

  return {
    async read(id) {
      const blob = await readBlob(container, `${id}/record.json`);
      return blob && remediationRecordSchema.parse(JSON.parse(blob.text));
    },
    async write(record) {
      const { id, vm, phase, outcome, startedAt, endedAt, snapshot } = record;
      await writeBlob(container, `${id}/record.json`, JSON.stringify(record), {
        contentType: 'application/json',
        metadata: {
          vmid: vm.id,
          phase,
          startedat: startedAt,
          ...(outcome ? { outcome: outcome.kind } : {}),
          ...(endedAt === undefined ? {} : { endedat: endedAt }),
          // Where the janitor looks once the VM is gone.
          ...(snapshot ? { snapshotid: snapshot.id } : {}),
        },
      });
    },
    async list(filter = {}) {
      const all = await summaries(filter.vmId === undefined ? 'vm-' : `${instanceIdOf(filter.vmId)}-`);
      return all.filter((summary) => fits(summary, filter)).slice(0, filter.limit ?? 100);
    },
    attempts: (vmId) => summaries(`${instanceIdOf(vmId)}-`),
    async readReport(id) {
      return (await readBlob(container, `${id}/report.html`))?.text;
    },
    async writeReport(id, html) {
      await writeBlob(container, `${id}/report.html`, html, { contentType: 'text/html; charset=utf-8' });
    },
  };
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
