import { app, type OrchestrationContext } from 'durable-functions';
import { MedicError } from '../../shared/errors.ts';
import type { Steps } from './durable.ts';

/**
 * Versions of orchestrations whose histories this code replays, oldest first; the last one is `defaultVersion` of host.json. One stays here
 * while instances of it may be under way (docs/operate/upgrade.md).
 */
export const REPLAYED: readonly string[] = ['1.0.0'];

type Orchestrator<Output> = (context: OrchestrationContext) => Steps<Output>;

/**
 * Registers an orchestrator under the name by which it is started. An instance goes on as the version began that made it; one of a version
 * that nobody knows any more fails at once, rather than at whatever call comes otherwise, and the watchdog takes back what it did.
 * @param earlier what was registered here for versions that differ, by version
 * @param replayed those that are known
 */
export function registerOrchestrator<Output>(
  name: string,
  orchestrator: Orchestrator<Output>,
  earlier: Readonly<Record<string, Orchestrator<Output>>> = {},
  replayed: readonly string[] = REPLAYED,
): void {
  app.orchestration(name, function* (context): Steps<Output> {
    const version = context.df.version ?? replayed[0] ?? '';
    if (!replayed.includes(version))
      throw new MedicError('InstanceLost', `This version of the app cannot continue ${name} ${version}.`);
    return yield* (earlier[version] ?? orchestrator)(context);
  });
}
