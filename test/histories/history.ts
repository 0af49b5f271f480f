import * as z from 'zod';

const eventSchema = z.looseObject({ EventType: z.number(), EventId: z.number() });

/** An instance as the durable engine keeps it. */
const instanceSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  parent: z.string().nullable(),
  /** JSON text. */
  input: z.string().nullable(),
  history: z.array(eventSchema),
});
export type RecordedInstance = z.infer<typeof instanceSchema>;

/** One remediation, as a released version carried it from its first to its last event, with all that it started. */
export const scenarioSchema = z.object({
  scenario: z.string(),
  /** Of the package that recorded it. */
  release: z.string(),
  outcome: z.string(),
  instances: z.array(instanceSchema).min(1),
});
export type RecordedScenario = z.infer<typeof scenarioSchema>;
