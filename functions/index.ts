/** What Azure Functions loads: everything is registered here, once, under its own name. */
import { app } from '@azure/functions';
import { registerActivities } from './activities/register.ts';
import { compose } from './compose.ts';
import { registerFleetWatch } from './orchestrators/fleet-watch.ts';
import { registerNotify } from './orchestrators/notify.ts';
import { registerRecover } from './orchestrators/recover.ts';
import { registerRemediate } from './orchestrators/remediate.ts';
import { registerRollBack } from './orchestrators/roll-back.ts';
import { registerSubOrchestrations } from './orchestrators/sub-orchestrations.ts';
import { registerSweep } from './orchestrators/sweep.ts';
import { registerWatch } from './orchestrators/watch.ts';
import { registerTriggers } from './triggers/register.ts';

const { activities, triggers, prepare, finish, warnings } = compose(process.env);
for (const warning of warnings) console.warn(`RDP Medic: ${warning}`);
app.hook.appStart(prepare);
app.hook.appTerminate(finish);
registerActivities(activities);
registerRemediate();
registerRecover();
registerRollBack();
registerSweep();
registerWatch();
registerFleetWatch();
registerNotify();
registerSubOrchestrations();
registerTriggers(triggers);
