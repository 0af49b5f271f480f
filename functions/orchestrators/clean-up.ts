import type { OrchestrationContext } from 'durable-functions';
import { toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Mandate } from '../../shared/model/mandate.ts';
import type { Problem } from '../../shared/model/record.ts';
import { deletionOrder } from '../../shared/repair/deletion-order.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { act, complete, persist, someTries, type Steps } from './durable.ts';

export interface CleanUp {
  removed: string[];
  kept: string[];
  leftovers: string[];
  problems: Problem[];
}

/**
 * Runs in every outcome: finds by its tags whatever the remediation made, and deletes it in the order in which
 * Azure allows it. What could not be deleted is named, and is the janitor's to sweep. Where nothing but run commands is known to have been
 * made, those are deleted first, and the groups are listed once, afterwards; or not at all, where what was made besides is certain: a list
 * of a group with hundreds of VMs is many calls, and in a storm each of them would be listed for each.
 */
export function* cleanUp(
  context: OrchestrationContext,
  input: Where & { keep: string[]; scriptsFirst?: boolean | undefined },
): Steps<CleanUp> {
  const { keep, scriptsFirst = false, ...where } = input;
  const isKept = (resource: { id: string; role: string }): boolean => keep.includes(resource.role);
  const made = yield* listMade(context, scriptsFirst ? { ...where, resourceGroups: [], madeIds: [] } : where);
  const { removed } = yield* removeAll(context, where, deletionOrder(made, keep));
  let left = yield* listMade(context, where);
  // What was only found now, and what was refused before: a right or a lock may have changed meanwhile.
  const again = deletionOrder(left, keep);
  const last = yield* removeAll(context, where, again);
  removed.push(...last.removed);
  if (again.length > 0) left = yield* listMade(context, where);
  return {
    removed,
    kept: left.filter(isKept).map(({ id }) => id),
    leftovers: left.filter((resource) => !isKept(resource)).map(({ id }) => id),
    problems: last.problems,
  };
}

function* removeAll(
  context: OrchestrationContext,
  { remediationId, epoch, forward }: Where,
  resources: readonly { id: string }[],
): Steps<Pick<CleanUp, 'removed' | 'problems'>> {
  const removed: string[] = [];
  const problems: Problem[] = [];
  for (const { id } of resources) {
    try {
      yield* persist(
        context,
        () => complete(context, ACTIVITIES.beginDeleteResource, { remediationId, epoch, forward, id }),
        // Somebody else who deletes it too may preempt us, and has it gone a little later.
        someTries(TIMING.deletePause),
      );
      removed.push(id);
    } catch (error) {
      // Named below, as a leftover: the others must still go.
      problems.push(toProblem(error));
    }
  }
  return { removed, problems };
}

interface Where extends Mandate {
  subscriptionId: string;
  resourceGroups: string[];
  madeIds?: string[] | undefined;
  vmIds: string[];
}

/** Piece by piece, so that only what Azure did not answer is asked again. */
function* listMade(
  context: OrchestrationContext,
  { remediationId, subscriptionId, resourceGroups, madeIds, vmIds }: Where,
): Steps<{ id: string; role: string }[]> {
  const found: { id: string; role: string }[] = [];
  if (madeIds?.length)
    found.push(
      ...(yield* act(context, ACTIVITIES.readMadeResources, { remediationId, ids: madeIds })).resources,
    );
  for (const resourceGroup of madeIds ? [] : resourceGroups) {
    const where = { remediationId, subscriptionId, resourceGroup };
    found.push(...(yield* act(context, ACTIVITIES.listMadeResources, where)).resources);
  }
  for (const vmId of vmIds)
    found.push(...(yield* act(context, ACTIVITIES.listMadeScripts, { remediationId, vmId })).resources);
  return found;
}
