import * as present from '../../../functions/orchestrators/versions.ts';
import { ACTIVITIES } from '../../../shared/model/activity.ts';

type Orchestrator = Parameters<typeof present.registerOrchestrator>[1];

/** Versions of the orchestrations of the next release, which stands in for this one's (functions/orchestrators/versions.ts). */
let replayed: readonly string[] = [];

/** Of the release that is loaded from now on. */
export function replay(versions: readonly string[]): void {
  replayed = versions;
}

/** A remediation of the next release begins with another call; one that was begun before goes on as it began. */
export function registerOrchestrator(name: string, orchestrator: Orchestrator): void {
  if (name === 'remediate')
    present.registerOrchestrator(name, begunOtherwise(orchestrator), { '1.0.0': orchestrator }, replayed);
  else present.registerOrchestrator(name, orchestrator, {}, replayed);
}

/** Asks for something before all else: no history of this release fits that. */
function begunOtherwise(orchestrator: Orchestrator): Orchestrator {
  return function* (context) {
    yield context.df.callActivity(ACTIVITIES.readSettings.name, {});
    return yield* orchestrator(context);
  };
}
