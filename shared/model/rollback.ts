import * as z from 'zod';
import { expectedSchema } from './expected.ts';

const momentSchema = z.iso.datetime();

/** What going back to a disk compares with, and what it gives up. */
const wayBackSchema = z.object({
  /** Of the disk: another one of its name is not put under the VM. */
  uniqueId: z.string(),
  /** How the VM was left, on the disk that took its place. */
  leftAs: expectedSchema,
  /** Since when Windows writes to that other disk: what it writes there is given up by going back. */
  writesSince: momentSchema,
});

/** The OS disk that a VM had before, kept until then. */
export const keptDiskSchema = z.object({
  id: z.string(),
  keptUntil: momentSchema,
  /** Missing where it is not known; then nobody goes back by a call. */
  wayBack: wayBackSchema.optional(),
});

/** Body of `POST /api/remediations/{id}/rollback`. */
export const rollbackRequestSchema = z.strictObject({
  acceptLoss: z.iso
    .datetime({ offset: true })
    .describe('Everything written since this moment is lost: `originalDisk.wayBack.writesSince`.'),
  by: z.string().min(1).max(256).optional().describe('Who rolls back, for the report.'),
});
export type RollbackRequest = z.infer<typeof rollbackRequestSchema>;

/** Makes a remediation one that goes back to the disk which an earlier one has kept. */
export const rollbackSchema = z.object({
  /** Id of the earlier one. */
  of: z.string(),
  disk: keptDiskSchema.required(),
  by: z.string().optional(),
});
export type Rollback = z.infer<typeof rollbackSchema>;

/** As the record of the rollback tells it. */
export const rollbackRecordSchema = rollbackSchema.extend({
  /** When the VM was down: what Windows wrote between `writesSince` and then is given up. */
  downAt: momentSchema.optional(),
});
