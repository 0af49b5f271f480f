import type { ActivityDependencies } from './dependencies.ts';
import { registerCleanUpActivities } from './clean-up.ts';
import { registerFleetWatchActivities } from './fleet-watch.ts';
import { registerGuestActivities } from './guest.ts';
import { registerLookActivities } from './look.ts';
import { registerNetworkActivities } from './network.ts';
import { registerNotifyActivities } from './notify.ts';
import { registerPolicyActivities } from './policy.ts';
import { registerPowerActivities } from './power.ts';
import { registerReportActivities } from './report.ts';
import { registerRescueActivities } from './rescue.ts';
import { registerRestoreActivities } from './restore.ts';
import { registerSweepActivities } from './sweep.ts';
import { registerWatchActivities } from './watch.ts';

/** Registers every activity of `shared/model/activity.ts`. */
export function registerActivities(deps: ActivityDependencies): void {
  registerLookActivities(deps);
  registerNetworkActivities(deps);
  registerGuestActivities(deps);
  registerPolicyActivities(deps);
  registerPowerActivities(deps);
  registerRescueActivities(deps);
  registerRestoreActivities(deps);
  registerCleanUpActivities(deps);
  registerReportActivities(deps);
  registerSweepActivities(deps);
  registerWatchActivities(deps);
  registerFleetWatchActivities(deps);
  registerNotifyActivities(deps);
}
