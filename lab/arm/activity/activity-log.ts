import type { Clock } from '../../../shared/clock.ts';
import type { Principal } from '../access/identity.ts';
import type { Method } from '../http.ts';
import type { Operation, Operations } from '../operations.ts';

/** One change that somebody asked for, as the activity log has it: who, what, when, and what became of it. */
export interface Activity {
  /** Shared by its events. */
  correlationId: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** User principal name of a person, object id of an identity. */
  caller: string;
  method: Method;
  /** Azure action, `Microsoft.Compute/virtualMachines/start/action`. */
  action: string;
  /** Id of the resource. */
  resource: string;
  status: 'Started' | 'Accepted' | 'Succeeded' | 'Failed';
  /** Of the first answer; 0 until then. */
  httpStatus: number;
  errorCode?: string;
  /** When the operation was accepted, for one that took time. */
  acceptedAt?: number;
  endedAt?: number;
}

export interface ActivityLog {
  /** Someone asks for a change. Reading is never logged: 'The activity log contains all write operations (PUT, POST, DELETE)'. */
  begin(change: Pick<Activity, 'method' | 'action' | 'resource'>, caller: Principal): Activity;
  /** The change was answered; an operation that goes on is followed to its end. */
  answered(activity: Activity, outcome: { status: number; errorCode?: string; operation?: Operation }): void;
  /** The change never arrived. */
  forget(activity: Activity): void;
  all(): readonly Activity[];
}

/** Keeps the newest, so that a long run does not grow without end. */
const KEPT = 20_000;

export function createActivityLog(
  clock: Clock,
  operations: Operations,
  newId: () => string,
  earlier: readonly Activity[] = [],
): ActivityLog {
  let activities = [...earlier];

  return {
    begin(change, caller) {
      const activity: Activity = {
        ...change,
        correlationId: newId(),
        at: clock.now(),
        caller: caller.name ?? caller.objectId,
        status: 'Started',
        httpStatus: 0,
      };
      if (activities.length >= KEPT) activities = activities.slice(KEPT / 2);
      activities.push(activity);
      return activity;
    },
    answered(activity, { status, errorCode, operation }) {
      activity.httpStatus = status;
      const end = (failedWith: string | undefined): void => {
        activity.endedAt = clock.now();
        activity.status = failedWith === undefined ? 'Succeeded' : 'Failed';
        if (failedWith !== undefined) activity.errorCode = failedWith;
      };
      if (!operation) {
        end(errorCode);
        return;
      }
      activity.status = 'Accepted';
      activity.acceptedAt = clock.now();
      void operations.ended(operation).then(() => {
        end(operation.error?.code);
      });
    },
    forget(activity) {
      activities = activities.filter((one) => one !== activity);
    },
    all: () => activities,
  };
}
