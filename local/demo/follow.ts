import { setTimeout as sleep } from 'node:timers/promises';
import { remediationRecordSchema, type RemediationRecord } from '../../shared/model/record.ts';
import type { Stage } from '../stage.ts';
import { say } from '../terminal/screen.ts';
import { endedSteps, stepLines } from '../terminal/step-lines.ts';

/** Follows a remediation by the service's own API, and tells each step as it ends. Gives back its record. */
export async function follow(stage: Stage, id: string): Promise<RemediationRecord> {
  for (const told = new Set<number>(); ;) {
    await sleep(150);
    const answer = await stage.call('GET', `/api/remediations/${id}`);
    const read = remediationRecordSchema.safeParse(await answer.json());
    if (!read.success) continue;
    const record = read.data;
    for (const step of endedSteps(record, told))
      for (const line of stepLines(record, step, { stream: process.stdout, of: record.vm.name })) say(line);
    if (record.outcome) return record;
  }
}
