import type { Task } from 'durable-functions';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { beginSub, setGoing, type Steps } from './durable.ts';
import { mandateOf, type Run } from './run.ts';

const { cleanUp } = SUB_ORCHESTRATIONS;

/**
 * Does something, and removes the run commands of the VM beside it: once it is down they could not be ("Cannot modify extensions in the VM
 * when the VM is not running"). Those that cannot be removed are found by the clean-up at the end.
 */
export function* besideRemovalOfScripts<T>(run: Run, work: () => Steps<T>): Steps<T> {
  const removal = run.patient ? removalOf(run) : undefined;
  if (removal) yield* setGoing(run.context, removal);
  try {
    return yield* work();
  } finally {
    if (removal && !removal.isCompleted) yield removal;
  }
}

function removalOf(run: Run): Task {
  const { vmId, subscriptionId } = run.vm;
  return beginSub(run.context, cleanUp, {
    ...mandateOf(run),
    forward: false,
    subscriptionId,
    resourceGroups: [],
    vmIds: [vmId],
    keep: [],
  });
}
