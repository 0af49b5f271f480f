/**
 * Measures how long Azure's operations take in a real subscription, from its activity log, for the lab and the benchmark:
 *
 *     az monitor activity-log list --offset 7d --max-events 5000 -o json > log.json
 *     npm run durations -- log.json > durations.json
 *     RDP_MEDIC_LAB_DURATIONS=durations.json npm run bench
 *
 * What the log has no operation of keeps the lab's own figure. Reads that file alone, and calls nothing.
 */
import { readFileSync } from 'node:fs';
import { measureDurations } from './durations/measure.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Which activity log? npm run durations -- <file>');
const measured = measureDurations(JSON.parse(readFileSync(file, 'utf8')));
for (const [name, { median, operations }] of Object.entries(measured))
  process.stderr.write(`${name}: ${String(median)} s, median of ${String(operations)}\n`);
const medians = Object.fromEntries(Object.entries(measured).map(([name, { median }]) => [name, median]));
process.stdout.write(`${JSON.stringify(medians, null, 2)}\n`);
