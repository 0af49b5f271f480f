/** The orchestrators of the app alone: what replays a history needs nothing else. */
import { registerFleetWatch } from '../../functions/orchestrators/fleet-watch.ts';
import { registerNotify } from '../../functions/orchestrators/notify.ts';
import { registerRecover } from '../../functions/orchestrators/recover.ts';
import { registerRemediate } from '../../functions/orchestrators/remediate.ts';
import { registerRollBack } from '../../functions/orchestrators/roll-back.ts';
import { registerSubOrchestrations } from '../../functions/orchestrators/sub-orchestrations.ts';
import { registerSweep } from '../../functions/orchestrators/sweep.ts';
import { registerWatch } from '../../functions/orchestrators/watch.ts';

registerRemediate();
registerRecover();
registerRollBack();
registerSweep();
registerWatch();
registerFleetWatch();
registerNotify();
registerSubOrchestrations();
