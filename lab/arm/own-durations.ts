import { readFileSync } from 'node:fs';
import * as z from 'zod';

/**
 * Durations of a file instead of the lab's own: an object of names and seconds.
 * @param known names that the lab has; any other is a mistake
 * @throws Error for a file that cannot be read, or holds anything else
 */
export function ownDurations(
  file: string | undefined,
  known: readonly string[],
): Readonly<Record<string, number>> {
  if (file === undefined) return {};
  const durations = z
    .record(z.string(), z.number().nonnegative())
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const unknown = Object.keys(durations).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`${file}: the lab has no durations ${unknown.join(', ')}; it has ${known.join(', ')}.`);
  return durations;
}
