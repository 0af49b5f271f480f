import type { Outage, RemediationRecord } from '../model/record.ts';

type Told = Pick<RemediationRecord, 'outages'>;

/** From now on the VM is down, or restarts, because of us. */
export function beginOutage(record: Told, why: Outage['why'], at: string): void {
  record.outages = [...(record.outages ?? []), { why, from: at }];
}

/** The VM runs again. */
export function endOutage(record: Told, at: string): void {
  const last = record.outages?.at(-1);
  if (last) last.runningAt ??= at;
}

/** RDP was seen to answer; where the VM was down before, that is when its users had it back. */
export function noteAnswer(record: Told, at: string): void {
  const last = record.outages?.at(-1);
  if (last?.runningAt !== undefined) last.answeredAt ??= at;
}

/** What was asked for was never begun: the VM ran on. */
export function dropOutage(record: Told): void {
  if (record.outages && isDown(record)) record.outages = record.outages.slice(0, -1);
}

/** Whether the VM was asked to stop and does not run again yet, as far as is known. */
export function isDown({ outages = [] }: Told): boolean {
  const last = outages.at(-1);
  return last !== undefined && last.runningAt === undefined;
}
