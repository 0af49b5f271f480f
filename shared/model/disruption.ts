import * as z from 'zod';

/** What takes the VM out of service: a restart by an online step, or the offline repair. */
export const disruptionSchema = z.enum(['restart', 'offline']);
export type Disruption = z.infer<typeof disruptionSchema>;
