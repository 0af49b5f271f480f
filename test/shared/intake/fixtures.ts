import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const FOLDER = join(import.meta.dirname, '../../fixtures/intake');

const becomesSchema = z.object({
  requests: z.array(z.unknown()).optional(),
  request: z.unknown().optional(),
  refused: z.array(z.object({ target: z.string(), code: z.string() })).optional(),
  reason: z.string().optional(),
  problem: z.string().optional(),
  says: z.string().optional(),
});
const fixtureSchema = z.object({
  /** Where the shape was published; the values are our own. */
  origin: z.string().min(10),
  connector: z.string().optional(),
  payload: z.unknown(),
  becomes: becomesSchema,
});
export type Fixture = z.infer<typeof fixtureSchema>;

/** Every fixture of a kind, by file name. */
export function fixtures(kind: 'alerts' | 'tickets'): (Fixture & { name: string })[] {
  return readdirSync(join(FOLDER, kind)).map((file) => ({
    name: file.replace('.json', ''),
    ...fixtureSchema.parse(JSON.parse(readFileSync(join(FOLDER, kind, file), 'utf8'))),
  }));
}

/** One fixture's payload. */
export function payloadOf(kind: 'alerts' | 'tickets', name: string): unknown {
  const found = fixtures(kind).find((one) => one.name === name);
  if (!found) throw new Error(`no fixture ${name}`);
  return structuredClone(found.payload);
}
