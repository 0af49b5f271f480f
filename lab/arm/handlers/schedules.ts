import type { Context } from '../context.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';

/**
 * Auto-shutdown of VMs: `GET` of one alone (Microsoft.DevTestLab 2018-09-15, GlobalSchedules_Get). What it does when its time comes is an
 * ordinary deallocation, which an actor stands for.
 */
export const scheduleRoutes: Route[] = [
  {
    method: 'GET',
    path: `${PATHS.group}/providers/Microsoft.DevTestLab/schedules/:name`,
    action: 'Microsoft.DevTestLab/schedules/read',
    handle: getSchedule,
  },
];

function getSchedule(request: ArmRequest, { store }: Context): ArmAnswer {
  const { id, name, type, location, status, time, timeZoneId, targetResourceId } = store.schedules.get(
    request.target,
  );
  return ok({
    id,
    name,
    type,
    location,
    properties: {
      status,
      taskType: 'ComputeVmShutdownTask',
      dailyRecurrence: { time },
      timeZoneId,
      notificationSettings: { status: 'Disabled', timeInMinutes: 30 },
      targetResourceId,
      provisioningState: 'Succeeded',
    },
  });
}
