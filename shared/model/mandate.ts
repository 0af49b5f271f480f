import * as z from 'zod';

/** On whose behalf Azure, or the record, is written to: what every writing activity shows before it writes. */
export const mandate = {
  remediationId: z.string(),
  /** Counts who has carried the remediation on: one that was taken over by another may write no more. */
  epoch: z.int().min(1),
  /** Whether it goes on with the repair; what takes it back asks nobody. */
  forward: z.boolean(),
};
export const mandateSchema = z.object(mandate);
export type Mandate = z.infer<typeof mandateSchema>;

/** As `mandate`, of what makes something, with how long that may live (ISO 8601). */
export const maker = { ...mandate, expiresAt: z.string() };
export interface Maker extends Mandate {
  expiresAt: string;
}

/** Who carries a remediation on. */
export const ownerSchema = z.object({
  /** Task hub of the durable engine, and the instance in it. */
  hub: z.string(),
  instance: z.string(),
  epoch: z.int().min(1),
  /** By when it keeps the record again. After that, an engine that knows nothing of the instance has lost it. */
  nextSignBy: z.iso.datetime(),
});
export type Owner = z.infer<typeof ownerSchema>;
