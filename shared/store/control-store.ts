import type { ContainerClient } from '@azure/storage-blob';
import type * as z from 'zod';
import { approvalSchema, type Approval } from '../model/approval.ts';
import { cancellationSchema, type Cancellation } from '../model/cancellation.ts';
import { principalSchema, type Principal } from '../model/principal.ts';
import { readBlob, writeBlob } from './blob-json.ts';

/** What people say to a remediation that goes on: small blobs `<remediation id>/control.json` and `approval-<plan>.json`, the first word counts. */
export interface ControlStore {
  /** Asks for a remediation to be cancelled; false where that was asked for before: the first word counts. */
  cancel(remediationId: string, cancellation: Cancellation): Promise<boolean>;
  read(remediationId: string): Promise<Cancellation | undefined>;
  /** Answers the question for the approval of a plan; gives back the answer that counts, which is the first. */
  decide(remediationId: string, plan: string, answer: Approval): Promise<Approval>;
  /** Keeps the first of two who have to say yes to a plan; gives back who it was. */
  firstOfTwo(remediationId: string, plan: string, approver: Principal): Promise<Principal>;
}

export function createControlStore(container: ContainerClient): ControlStore {
  const cancelled = (remediationId: string): string => `${remediationId}/control.json`;
  const approved = (remediationId: string, plan: string, which = ''): string =>
    `${remediationId}/approval-${plan.slice(0, 16)}${which}.json`;
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
    async decide(remediationId, plan, answer) {
      const name = approved(remediationId, plan);
      if (await first(name, answer)) return answer;
      return (await read(approvalSchema, name)) ?? answer;
    },
    async firstOfTwo(remediationId, plan, approver) {
      const name = approved(remediationId, plan, '-first');
      if (await first(name, approver)) return approver;
      return (await read(principalSchema, name)) ?? approver;
    },
  };
}
