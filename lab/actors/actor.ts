import type { FaultMatch } from '../faults/fault.ts';
import type { Verb } from './deeds/index.ts';

/** When somebody acts. Only the service's own calls count. */
export type Moment =
  /** Before a call is looked at: the service finds what was done. */
  | (Calls & { kind: 'before' })
  /** When a call was granted, perhaps some time later. */
  | (Calls & { kind: 'after'; delaySeconds?: number })
  /** When what a call began has been done, perhaps some time later. */
  | (Calls & { kind: 'once'; delaySeconds?: number })
  /** So many seconds from when the actor was added; again after as many, so often in all. */
  | { kind: 'in'; seconds: number; times?: number }
  /** At a lab time, in milliseconds since the epoch. */
  | { kind: 'at'; time: number };

/** Matching calls, counted as faults count them. */
interface Calls {
  match: FaultMatch;
  /** First matching call that counts, from 1. Default 1. */
  from?: number;
  /** How many from there; `Infinity` for all. Default 1. */
  times?: number;
}

/** One thing that is done to Azure. */
export interface Deed {
  verb: Verb;
  words: string[];
  settings: Record<string, string>;
}

/** Somebody else who acts on the same Azure: a person, a watchdog, a policy, another deployment. */
export interface Actor {
  /** Local part of the user principal name that the activity log shows. */
  who: string;
  when: Moment;
  /** One after the other, each when the one before it is done. What Azure refuses ends the list. */
  deeds: Deed[];
  /** Name or id of the VM it is about; without it the one that the call was about. */
  target?: string;
  /**
   * `before` only: the call meets what was begun, not what was done; an operation that takes time is still under way
   * then. Default false.
   */
  underWay?: boolean;
}
