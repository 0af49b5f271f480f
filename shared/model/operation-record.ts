import * as z from 'zod';
import { deedKindSchema } from './expected.ts';

/** What Azure is asked for on behalf of a remediation, and takes a while to do. */
export const operationKindSchema = z.enum([
  ...deedKindSchema.options,
  'create-snapshot',
  'copy-disk',
  'create-rescue-vm',
  'set-security-rule',
  'run-script',
]);
export type OperationKind = z.infer<typeof operationKindSchema>;

/** One operation of Azure, by the orchestration's own time. */
export const operationRecordSchema = z.object({
  kind: operationKindSchema,
  /** Name of the resource, or of the script. */
  target: z.string(),
  startedAt: z.iso.datetime(),
  /** Missing while it is in progress. */
  endedAt: z.iso.datetime().optional(),
  failed: z.boolean().optional(),
});
export type OperationRecord = z.infer<typeof operationRecordSchema>;
