import type { OrchestrationContext } from 'durable-functions';
import { toProblem } from '../../shared/errors.ts';
import { WATCH } from '../../shared/model/watch.ts';
import { act, now, type Steps } from './durable.ts';
import { registerOrchestrator } from './versions.ts';

/**
 * The watchdog: looks for remediations whose records have no end although nobody carries them on, and has each taken back. Whatever
 * was lost, a VM that we hold down comes up again; the kill switch does not stop it.
 */
export function* watch(context: OrchestrationContext): Steps<{ takenOver: string[] }> {
  const takenOver: string[] = [];
  const { ids } = yield* act(context, WATCH.listUnfinished, {});
  for (const remediationId of ids) {
    try {
      const { fate, why } = yield* act(context, WATCH.lookAfter, { remediationId, at: now(context) });
      if (fate === 'take-over') takenOver.push(remediationId);
      if (fate !== 'leave' && !context.df.isReplaying)
        context.warn(`watchdog: ${remediationId} is lost (${fate}): ${why}`);
    } catch (error) {
      // One record that cannot be read must not keep the others from being looked after.
      if (!context.df.isReplaying) context.error(`watchdog: ${remediationId}: ${toProblem(error).message}`);
    }
  }
  return { takenOver };
}

/** Registers the orchestration under the name by which the timer starts it. */
export function registerWatch(): void {
  registerOrchestrator('watch', watch);
}
