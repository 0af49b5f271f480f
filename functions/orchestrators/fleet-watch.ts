import type { OrchestrationContext } from 'durable-functions';
import { FLEET_WATCH, type Ill } from '../../shared/model/fleet-watch.ts';
import { act, now, wait, type Steps } from './durable.ts';
import { registerOrchestrator } from './versions.ts';

/** How many VMs are asked in one call: each takes as long as the slowest. */
const AT_A_TIME = 10;
/** Longer than Windows takes from the first answer of RDP to a good one when it starts. */
const SECOND_LOOK_SECONDS = 120;

export interface Watched {
  asked: number;
  ill: Ill[];
  requested: string[];
  unread: string[];
}

/**
 * The fleet watch: asks the RDP of every VM that is opted in, asks those again that answered ill, and requests a repair for what is ill twice.
 * The request goes the way of all alerts: queue, policy, one remediation a VM.
 */
export function* fleetWatch(context: OrchestrationContext): Steps<Watched> {
  const { vmIds, unread } = yield* act(context, FLEET_WATCH.listWatched, {});
  const first = yield* askAll(context, vmIds);
  if (first.ill.length === 0) return { ...first, requested: [], unread };
  yield* wait(context, SECOND_LOOK_SECONDS);
  const { ill } = yield* askAll(
    context,
    first.ill.map(({ vmId }) => vmId),
  );
  const requested: string[] = [];
  for (const one of ill) {
    const { sent } = yield* act(context, FLEET_WATCH.requestWatched, { ill: one, at: now(context) });
    if (!sent) continue;
    requested.push(one.vmId);
    if (!context.df.isReplaying) context.warn(`fleet watch: ${one.vmId} is ${one.state}: ${one.detail}`);
  }
  return { asked: first.asked, ill, requested, unread };
}

function* askAll(
  context: OrchestrationContext,
  vmIds: readonly string[],
): Steps<Pick<Watched, 'asked' | 'ill'>> {
  const all: Pick<Watched, 'asked' | 'ill'> = { asked: 0, ill: [] };
  for (let at = 0; at < vmIds.length; at += AT_A_TIME) {
    const some = vmIds.slice(at, at + AT_A_TIME);
    const { asked, ill } = yield* act(context, FLEET_WATCH.askWatched, { vmIds: some, at: now(context) });
    all.asked += asked;
    all.ill.push(...ill);
  }
  return all;
}

/** Registers the orchestration under the name by which the timer starts it. */
export function registerFleetWatch(): void {
  registerOrchestrator('watchFleet', fleetWatch);
}
