import { registerFleetWatch } from './fleet-watch.ts';
import { registerNotify } from './notify.ts';
import { registerRecover } from './recover.ts';
import { registerRemediate } from './remediate.ts';
import { registerRollBack } from './roll-back.ts';
import { registerSubOrchestrations } from './sub-orchestrations.ts';
import { registerSweep } from './sweep.ts';
import { registerWatch } from './watch.ts';

/** Registers every orchestrator of the app, and those that they call. */
export function registerOrchestrators(): void {
  registerRemediate();
  registerRecover();
  registerRollBack();
  registerSweep();
  registerWatch();
  registerFleetWatch();
  registerNotify();
  registerSubOrchestrations();
}
