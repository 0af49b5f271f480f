import { app, type OrchestrationContext } from 'durable-functions';
import { toProblem } from '../../shared/errors.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { SWEEP, type Group, type Sweepable, type Swept } from '../../shared/model/sweep.ts';
import { deletionOrder } from '../../shared/repair/deletion-order.ts';
import { fateOf, INTAKE_DAYS } from '../../shared/repair/sweep.ts';
import { act, complete, sub, type Steps } from './durable.ts';

/** What is freed by one round (the disks of a rescue VM) goes in the next. */
const ROUNDS = 3;
const DAY = 24 * 3600 * 1000;

/**
 * The janitor: deletes what remediations left behind, in every resource group that a record names. It never fails:
 * what cannot be deleted now is told, and tried again the next time.
 */
export function* sweep(context: OrchestrationContext): Steps<Swept & { forgotten: number }> {
  const removed: string[] = [];
  const left: Swept['left'] = [];
  const { groups } = yield* act(context, SWEEP.listGroups, {});
  for (const group of groups) {
    try {
      const swept = yield* sub(context, SUB_ORCHESTRATIONS.sweepGroup, group);
      removed.push(...swept.removed);
      left.push(...swept.left);
    } catch (error) {
      // One group that may not be read must not keep the others from being swept.
      left.push({
        id: `/subscriptions/${group.subscriptionId}/resourceGroups/${group.resourceGroup}`,
        why: toProblem(error).message,
      });
    }
  }
  const before = new Date(context.df.currentUtcDateTime.getTime() - INTAKE_DAYS * DAY).toISOString();
  const { removed: forgotten } = yield* act(context, SWEEP.sweepIntake, { before });
  if (!context.df.isReplaying) {
    context.log(
      `janitor: deleted ${removed.length}, left ${left.length}, forgot ${forgotten} of intake's notes`,
    );
    for (const { id, why } of left) context.warn(`janitor: ${id} stays: ${why}`);
  }
  return { removed, left, forgotten };
}

/** Sweeps one resource group; the sub-orchestration `sweepGroup`. */
export function* sweepGroup(context: OrchestrationContext, group: Group): Steps<Swept> {
  const removed: string[] = [];
  const failed = new Map<string, string>();
  for (let round = 1; ; round++) {
    const { doomed, left } = yield* judge(context, group);
    const untried = doomed.filter(({ id }) => !failed.has(id));
    if (untried.length === 0 || round > ROUNDS)
      return { removed, left: [...left, ...[...failed].map(([id, why]) => ({ id, why }))] };
    for (const { id, remediationId } of untried) {
      try {
        yield* complete(context, SWEEP.beginSweep, { id, remediationId });
        removed.push(id);
      } catch (error) {
        failed.set(id, toProblem(error).message);
      }
    }
  }
}

/** Lists first and asks the engine afterwards: what is over then was over, or its maker is known to run. */
function* judge(
  context: OrchestrationContext,
  group: Group,
): Steps<{ doomed: Sweepable[]; left: Swept['left'] }> {
  const { resources } = yield* act(context, SWEEP.listSweepable, group);
  const remediationIds = [...new Set(resources.map(({ remediationId }) => remediationId))];
  const { running } = yield* act(context, SWEEP.findRunning, { remediationIds });
  const now = context.df.currentUtcDateTime.getTime();
  const fates = resources.map((resource) => ({ resource, fate: fateOf(resource, now, new Set(running)) }));
  const doomed = fates.filter(({ fate }) => fate.fate === 'delete').map(({ resource }) => resource);
  const inOrder = deletionOrder(doomed, []);
  return {
    // The originals, which no remediation deletes, come last.
    doomed: [...inOrder, ...doomed.filter((resource) => !inOrder.includes(resource))],
    left: fates.flatMap(({ resource: { id }, fate }) => (fate.fate === 'leave' ? { id, why: fate.why } : [])),
  };
}

/** Registers the orchestration under the name by which the timer starts it. */
export function registerSweep(): void {
  app.orchestration('sweep', sweep);
}
