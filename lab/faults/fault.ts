/** What a scripted fault does to the operation its request begins. */
export type OperationFault =
  /** The operation takes its time and then fails, with nothing applied. */
  | { kind: 'operation-fails'; code: string; message: string }
  /** The operation takes so many seconds longer. */
  | { kind: 'operation-hangs'; seconds: number }
  /** The operation has its effect in time, and is under way for so many seconds longer. Operations on VMs alone. */
  | { kind: 'operation-lingers'; seconds: number };

/** What a scripted fault does to a request. */
export type FaultEffect =
  /** Answers instead of the handler. `retryAfter` in seconds. */
  | { kind: 'answer'; status: number; code?: string; message?: string; retryAfter?: number }
  /** The connection breaks before anything is applied. */
  | { kind: 'reset' }
  /** The request is applied, then the connection breaks: the caller cannot know. */
  | { kind: 'lose-answer' }
  /** The request is applied, and the connection breaks in the middle of the answer. */
  | { kind: 'cut-off' }
  /** Nothing is applied, and nobody answers: the caller has to give up. */
  | { kind: 'hang' }
  | OperationFault;

export function isOfOperation(effect: FaultEffect | undefined): effect is OperationFault {
  return effect?.kind.startsWith('operation-') === true;
}

/** Which requests a fault concerns, or an actor waits for. */
export interface FaultMatch {
  /** Azure action with `*` for any text, such as `Microsoft.Compute/virtualMachines/start/action`; default any. */
  action?: string;
  /** `GET`, `PUT` …; default any. */
  method?: string;
  /** Part of the request's path, without regard to case; default any. */
  resource?: string;
}

export interface Fault {
  match: FaultMatch;
  /** First matching call that is hit, counted from 1. Default 1. */
  from?: number;
  /** How many calls are hit from there; `Infinity` for all. Default 1. */
  times?: number;
  effect: FaultEffect;
}

/** A request as faults see it. */
export interface FaultableRequest {
  action: string;
  method: string;
  path: string;
  /** Lab time at which it came in, in milliseconds since the epoch. */
  at: number;
}
