import type { ContainerClient } from '@azure/storage-blob';
import type { z } from 'zod';
import { approvalSchema, type Approval } from '../model/approval.ts';
import { cancellationSchema, type Cancellation } from '../model/cancellation.ts';
import { readBlob, writeBlob } from './blob-json.ts';

/** What people say to a remediation that goes on: small blobs `<remediation id>/control.json` and `approval.json`, the first word counts. */
export interface ControlStore {
  /** Asks for a remediation to be cancelled; false where that was asked for before: the first word counts. */
  cancel(remediationId: string, cancellation: Cancellation): Promise<boolean>;
  read(remediationId: string): Promise<Cancellation | undefined>;
  /** Answers the question for an approval; gives back the answer that counts, which is the first. */
  decide(remediationId: string, answer: Approval): Promise<Approval>;
}

export function createControlStore(container: ContainerClient): ControlStore {
  const cancelled = (remediationId: string): string => `${remediationId}/control.json`;
  const approved = (remediationId: string): string => `${remediationId}/approval.json`;
  const first = (name: string, word: object): Promise<boolean> =>
    writeBlob(container, name, JSON.stringify(word), {
      contentType: 'application/json',
      guard: { ifNoneMatch: '*' },
    });
  async function read<T>(schema: z.ZodType<T>, name: string): Promise<T | undefined> {
    const blob = await readBlob(container, name);
    return blob && schema.parse(JSON.parse(blob.text));
  }
  return {
    cancel: (remediationId, cancellation) => first(cancelled(remediationId), cancellation),
    read: (remediationId) => read(cancellationSchema, cancelled(remediationId)),
    async decide(remediationId, answer) {
      const name = approved(remediationId);
      if (await first(name, answer)) return answer;
      return (await read(approvalSchema, name)) ?? answer;
    },
  };
}
