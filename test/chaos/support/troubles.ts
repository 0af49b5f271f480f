import type { FaultableRequest, FaultEffect } from '../../../lab/faults/fault.ts';
import { instanceOf } from './arena.ts';
import { effectOf } from './meetings.ts';
import type { MortalTheatre } from './mortal-theatre.ts';
import type { Scenario } from '../../e2e/moving/model/scenario.ts';

/** What a call to Azure may meet. */
export interface Trouble {
  name: string;
  effect: FaultEffect;
  /** Every such call meets it for so many seconds of lab time; the first one alone without it. */
  seconds?: number;
  /** Azure itself keeps hold of what the operation is on, and nobody can do anything to it meanwhile. */
  holds?: true;
  /** The call is made again, or its operation waited for: the run goes on. */
  passes?: true;
  /** Only what begins an operation can meet it, or what asks how one stands. */
  of?: 'operations' | 'polls';
}

const answer = (status: number, code: string): FaultEffect => ({ kind: 'answer', status, code });
const fails = (code: string): FaultEffect => ({ kind: 'operation-fails', code, message: 'Chaos.' });
const DAY = 86_400;
/** Longer than the service tries anything: a day. */
const HELD_DAYS = 2;
/** After which whatever Azure held is free again, in milliseconds. */
export const FREE_AFTER_MS = (HELD_DAYS * DAY + 3600) * 1000;

export const TROUBLES: readonly Trouble[] = [
  {
    name: '429 with Retry-After',
    effect: { ...answer(429, 'TooManyRequests'), retryAfter: 30 } as FaultEffect,
    passes: true,
  },
  { name: '500', effect: answer(500, 'InternalServerError'), passes: true },
  { name: '503', effect: answer(503, 'ServiceUnavailable'), passes: true },
  { name: '401', effect: answer(401, 'ExpiredAuthenticationToken') },
  { name: '403 for a minute', effect: answer(403, 'AuthorizationFailed'), seconds: 60 },
  { name: '404 for a minute', effect: answer(404, 'ResourceNotFound'), seconds: 60 },
  { name: '409, another operation', effect: answer(409, 'Conflict'), passes: true },
  { name: '412', effect: answer(412, 'PreconditionFailed'), passes: true },
  { name: 'reset before the effect', effect: { kind: 'reset' }, passes: true },
  { name: 'reset after the effect', effect: { kind: 'lose-answer' }, passes: true },
  { name: 'cut off in the middle of the answer', effect: { kind: 'cut-off' }, passes: true },
  { name: 'is never answered', effect: { kind: 'hang' }, passes: true },
  {
    name: 'takes ten minutes more',
    effect: { kind: 'operation-hangs', seconds: 600 },
    of: 'operations',
    passes: true,
  },
  { name: 'operation ends Failed', effect: fails('InternalExecutionError'), of: 'operations' },
  { name: 'operation ends Canceled', effect: fails('OperationCanceled'), of: 'operations' },
  {
    name: 'operation never ends',
    effect: { kind: 'operation-hangs', seconds: HELD_DAYS * DAY },
    of: 'operations',
    holds: true,
  },
  { name: '404 for good', effect: answer(404, 'ResourceNotFound'), seconds: HELD_DAYS * DAY, of: 'polls' },
];

/** Whether a call of this kind can meet it. */
export function fits(kind: string, { of }: Trouble): boolean {
  if (of === 'polls') return /operations?\/read/i.test(kind);
  return of === undefined || !/^(GET|HEAD) |tags\/|securityRules\/read/.test(kind);
}

/** The kind of a call: what it asks for, of which of the things that a repair makes. */
export function kindOf({ method, action, path }: FaultableRequest, { name }: Scenario): string {
  const last = path.split('/').at(-1) ?? '';
  const role = /^rdp-medic-[0-9a-f]{12}-(.+)$/.exec(last)?.[1];
  return `${method} ${action}${role === undefined ? '' : ` ${role}`}`.replaceAll(name, 'the VM');
}

/**
 * Lets the calls of runs meet troubles, once each has begun: what is asked before that is answered at the door.
 * @param since when each came about first is put down here, in lab time
 * @param from the call from which on they are met, where the runs do before it what those of another story do
 */
export function troubleRuns<Meeting extends { kind: string; trouble: Trouble }>(
  theatre: MortalTheatre,
  runs: readonly { scenario: Scenario; meetings: readonly Meeting[] }[],
  since: Map<Meeting, number>,
  from?: string,
): () => void {
  const { lab } = theatre.stage;
  const begun = new Set<Scenario>();
  const own = new Set<Scenario>();
  const bySubscription = new Map(runs.map((run) => [run.scenario.subscriptionId, run]));
  theatre.reaper.afterTurn = (id) => {
    for (const { scenario } of runs) if (id.startsWith(instanceOf(scenario))) begun.add(scenario);
    return false;
  };
  const { next } = lab.faults;
  lab.faults.next = (call) => {
    const run = bySubscription.get(/^\/subscriptions\/([^/]+)/i.exec(call.path)?.[1] ?? '');
    if (!run || !begun.has(run.scenario)) return next(call);
    if (from === undefined || call.action.endsWith(from)) own.add(run.scenario);
    if (!own.has(run.scenario)) return next(call);
    const kind = kindOf(call, run.scenario);
    const meeting = run.meetings.find((one) => one.kind === kind);
    return (meeting && effectOf(meeting, since, lab.clock.now())) ?? next(call);
  };
  return () => {
    lab.faults.next = next;
    theatre.reaper.afterTurn = undefined;
  };
}
