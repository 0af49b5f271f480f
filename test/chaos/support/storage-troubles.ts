import type { Scenario } from '../../e2e/moving/model/scenario.ts';
import { instanceOf } from './arena.ts';
import type { FaultyStorage, StorageCall, StorageEffect } from './faulty-storage.ts';
import { effectOf } from './meetings.ts';
import type { MortalTheatre } from './mortal-theatre.ts';

/** What a call to storage may meet. */
export interface StorageTrouble {
  name: string;
  effect: StorageEffect;
  /** Every such call meets it for so many seconds of lab time; the first one alone without it. */
  seconds?: number;
}

const answer = (status: number, code: string): StorageEffect => ({ kind: 'answer', status, code });

/** Codes: learn.microsoft.com, rest/api/storageservices/status-and-error-codes2. */
export const STORAGE_TROUBLES: readonly StorageTrouble[] = [
  {
    name: '429 with Retry-After',
    effect: { kind: 'answer', status: 429, code: 'TooManyRequests', retryAfter: 5 },
  },
  { name: '500 for a minute', effect: answer(500, 'InternalError'), seconds: 60 },
  { name: '503 for a minute', effect: answer(503, 'ServerBusy'), seconds: 60 },
  { name: '403 for a minute', effect: answer(403, 'AuthorizationFailure'), seconds: 60 },
  { name: '404, as if it were gone', effect: answer(404, 'ResourceNotFound') },
  { name: '409', effect: answer(409, 'OperationTimedOut') },
  { name: '412', effect: answer(412, 'ConditionNotMet') },
  { name: 'reset before the effect, for a minute', effect: { kind: 'reset' }, seconds: 60 },
  { name: 'reset after the effect', effect: { kind: 'lose-answer' } },
  { name: 'cut off in the middle of the answer', effect: { kind: 'cut-off' } },
  { name: 'is never answered', effect: { kind: 'hang' } },
];

/** Whether a call is about one remediation alone: its own blobs, and nothing that many share. */
export function isOwn(kind: string): boolean {
  return !/_intake|messages/.test(kind);
}

/** What the host asks of its queues, and Windows writes of its output, is not the service's. */
export function isOfOthers(kind: string): boolean {
  return /^(GET|PUT|DELETE) queue |^PUT blob .*evidence/.test(kind);
}

/** The kind of a call: what is asked of which of the things that a remediation keeps. */
export function storageKindOf({ service, method, path, asks }: StorageCall): string {
  const what = path
    .replace(/^\/remediations/, '')
    .replace(/\/vm-[0-9a-f]{32}[0-9a-z-]*/, '/<id>')
    .replace(/(\/_intake\/[a-z]+).*/, '$1')
    .replace(/approval-[0-9a-f-]+/, 'approval')
    .replace(/(\/(evidence|intents))\/.*/, '$1')
    .replace(/\/messages\/.*/, '/messages/<id>');
  return `${method} ${service} ${what}${asks === '' ? '' : ` (${asks})`}`;
}

/**
 * Lets calls to storage meet troubles, once the run has begun that each is for; what many share, whoever calls.
 * @param since when each came about first is put down here, in lab time
 */
export function troubleStorage<Meeting extends { kind: string; trouble: StorageTrouble }>(
  { reaper, stage }: MortalTheatre,
  storage: FaultyStorage,
  runs: readonly { scenario: Scenario; meetings: readonly Meeting[] }[],
  since: Map<Meeting, number>,
): () => void {
  const { clock } = stage.lab;
  const begun = new Set<Scenario>();
  reaper.afterTurn = (id) => {
    for (const { scenario } of runs) if (id.startsWith(instanceOf(scenario))) begun.add(scenario);
    return false;
  };
  storage.meets = (call) => {
    const kind = storageKindOf(call);
    const isAbout = (scenario: Scenario): boolean => !isOwn(kind) || call.path.includes(instanceOf(scenario));
    const run = runs.find(({ scenario }) => begun.has(scenario) && isAbout(scenario));
    const meeting = run?.meetings.find((one) => one.kind === kind);
    return meeting && effectOf(meeting, since, clock.now());
  };
  return () => {
    storage.meets = () => undefined;
    reaper.afterTurn = undefined;
  };
}
