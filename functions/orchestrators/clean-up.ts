import type { OrchestrationContext } from 'durable-functions';
import { toProblem } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { Problem } from '../../shared/model/record.ts';
import { deletionOrder } from '../../shared/repair/deletion-order.ts';
import { act, complete, type Steps } from './durable.ts';

export interface CleanUp {
  removed: string[];
  kept: string[];
  leftovers: string[];
  problems: Problem[];
}

/**
 * Runs in every outcome: finds by its tags whatever the remediation made, and deletes it in the order in which
 * Azure allows it. What could not be deleted is named, and is the janitor's to sweep.
 */
export function* cleanUp(
  context: OrchestrationContext,
  input: {
    remediationId: string;
    subscriptionId: string;
    resourceGroup: string;
    vmIds: string[];
    keep: string[];
  },
): Steps<CleanUp> {
  const { keep, ...where } = input;
  const made = yield* act(context, ACTIVITIES.listMadeResources, where);
  const removed: string[] = [];
  const problems: Problem[] = [];
  for (const { id } of deletionOrder(made.resources, keep)) {
    try {
      yield* complete(context, ACTIVITIES.beginDeleteResource, { id });
      removed.push(id);
    } catch (error) {
      // Named below, as a leftover: the others must still go.
      problems.push(toProblem(error));
    }
  }
  const left = yield* act(context, ACTIVITIES.listMadeResources, where);
  const isKept = (resource: { id: string; role: string }): boolean => keep.includes(resource.role);
  return {
    removed,
    kept: left.resources.filter(isKept).map(({ id }) => id),
    leftovers: left.resources.filter((resource) => !isKept(resource)).map(({ id }) => id),
    problems,
  };
}
