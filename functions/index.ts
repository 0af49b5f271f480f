/** What Azure Functions loads: everything is registered here, once, under its own name. */
import { app } from '@azure/functions';
import { registerActivities } from './activities/register.ts';
import { compose } from './compose.ts';
import { registerOrchestrators } from './orchestrators/register.ts';
import { registerTriggers } from './triggers/register.ts';

const { activities, triggers, prepare, finish, warnings } = compose(process.env);
for (const warning of warnings) console.warn(`RDP Medic: ${warning}`);
app.hook.appStart(prepare);
app.hook.appTerminate(finish);
registerActivities(activities);
registerOrchestrators();
registerTriggers(triggers);
