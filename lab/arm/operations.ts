import type { Clock } from '../../shared/clock.ts';
import { ArmError, conflict } from './errors.ts';
import type { ArmAnswer, ArmRequest, Method } from './http.ts';
import { idKey } from './store/resource-id.ts';

/** Whose poll URLs an operation has: `operations`, `DiskOperations`, or the network's pair. */
export type OperationFamily = 'compute' | 'disks' | 'network' | 'resources';

export interface Operation {
  readonly id: string;
  readonly family: OperationFamily;
  readonly subscriptionId: string;
  readonly location: string;
  readonly apiVersion: string;
  readonly method: Method;
  /** The resource it works on. */
  readonly target: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  endTime?: number;
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  error?: ArmError;
  /** What the synchronous answer would have been. */
  result?: ArmAnswer;
}

/** What the work of an operation may do with time. */
export interface Passage {
  /** Lets lab time pass; rejects when the operation is preempted meanwhile. */
  readonly pass: (seconds: number) => Promise<void>;
  /** Lets the time pass by which a fault delays the end of what has had its effect. */
  readonly linger: () => Promise<void>;
  /** Whether the operation has been preempted. */
  readonly preempted: boolean;
}

interface OperationPlan {
  family: OperationFamily;
  location: string;
  /** Resource on which only one operation may run; others are refused while it does. */
  exclusive?: string;
  /** Ends the exclusive operation that runs, instead of being refused. */
  preempts?: boolean;
  /** The refusal when another operation runs; default 409 Conflict. */
  busy?: (running: Operation) => ArmError;
  /** What happens after the first answer. What it gives back is what Location answers at the end. */
  work(passage: Passage): Promise<ArmAnswer | undefined>;
  /** Puts right what must be when the work failed or was preempted. */
  failed?(error: ArmError): void;
}

export interface Operations {
  /** @throws ArmError when another operation holds the resource */
  begin(request: ArmRequest, plan: OperationPlan): Operation;
  /** Ends the exclusive operations on whatever lies below a resource: a VM that goes off takes its scripts with it. */
  preemptBelow(id: string): void;
  find(id: string): Operation | undefined;
  /** Resolves once the operation has ended, whatever became of it. */
  ended(operation: Operation): Promise<void>;
  running(): Operation[];
  all(): Operation[];
}

/** Somebody else's operation took over, or Azure called it off. */
const CANCELED = ['OperationPreempted', 'OperationCanceled'];

/** @param newId gives operation ids */
export function createOperations(clock: Clock, newId: () => string): Operations {
  const byId = new Map<string, Operation>();
  const exclusive = new Map<string, { operation: Operation; preempt: () => void }>();
  const ends = new WeakMap<Operation, Promise<void>>();

  return {
    begin(request, plan) {
      const key = plan.exclusive === undefined ? undefined : idKey(plan.exclusive);
      const holder = key === undefined ? undefined : exclusive.get(key);
      if (holder && !plan.preempts) throw (plan.busy ?? conflict)(holder.operation);
      holder?.preempt();

      const operation: Operation = {
        id: newId(),
        family: plan.family,
        subscriptionId: /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1] ?? '',
        location: plan.location,
        apiVersion: request.apiVersion,
        method: request.method,
        target: request.target,
        startTime: clock.now(),
        status: 'InProgress',
      };
      byId.set(operation.id, operation);
      const passage = createPassage(clock, request.fault);
      if (key !== undefined) exclusive.set(key, { operation, preempt: passage.preempt });

      const end = (status: Operation['status'], outcome: { result?: ArmAnswer; error?: ArmError }): void => {
        Object.assign(operation, { status, endTime: clock.now(), ...outcome });
        if (key !== undefined && exclusive.get(key)?.operation === operation) exclusive.delete(key);
        passage.leave();
      };
      const run = async (): Promise<void> => {
        try {
          await passage.enter();
          end('Succeeded', { result: (await plan.work(passage)) ?? { status: 200 } });
        } catch (cause) {
          const error = toArmError(cause);
          end(CANCELED.includes(error.code) ? 'Canceled' : 'Failed', { error });
          plan.failed?.(error);
        }
      };
      ends.set(operation, run());
      return operation;
    },
    preemptBelow(id) {
      for (const [key, { preempt }] of exclusive) if (key.startsWith(`${idKey(id)}/`)) preempt();
    },
    find: (id) => byId.get(id.toLowerCase()),
    ended: (operation) => ends.get(operation) ?? Promise.resolve(),
    running: () => [...byId.values()].filter((operation) => operation.status === 'InProgress'),
    all: () => [...byId.values()],
  };
}

interface OwnedPassage extends Passage {
  enter: () => Promise<void>;
  leave: () => void;
  preempt: () => void;
}

/** Holds the clock whenever the work is doing something, and lets go of it while time is to pass. */
function createPassage(clock: Clock, fault: ArmRequest['fault']): OwnedPassage {
  let release: () => void = () => undefined;
  let interrupt: ((error: ArmError) => void) | undefined;
  let failing = fault?.kind === 'operation-fails' ? fault : undefined;
  let preempted = false;

  const wait = (seconds: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (preempted) {
        reject(preemption());
        return;
      }
      const timer = clock.setTimer(clock.now() + seconds * 1000, () => {
        interrupt = undefined;
        release = clock.hold();
        resolve();
      });
      interrupt = (error) => {
        timer.cancel();
        interrupt = undefined;
        release = clock.hold();
        reject(error);
      };
      release();
    });

  return {
    get preempted() {
      return preempted;
    },
    async enter() {
      release = clock.hold();
      if (fault?.kind === 'operation-hangs') await wait(fault.seconds);
    },
    async pass(seconds) {
      await wait(seconds);
      if (!failing) return;
      const { code, message } = failing;
      failing = undefined;
      throw new ArmError(409, code, message);
    },
    async linger() {
      if (fault?.kind === 'operation-lingers') await wait(fault.seconds);
    },
    leave: () => {
      release();
    },
    preempt() {
      preempted = true;
      interrupt?.(preemption());
    },
  };
}

function preemption(): ArmError {
  return new ArmError(
    409,
    'OperationPreempted',
    'Operation execution has been preempted by a more recent operation.',
  );
}

/** What is no refusal of the lab is a defect in it: shown as such, never swallowed. */
function toArmError(cause: unknown): ArmError {
  if (cause instanceof ArmError) return cause;
  return new ArmError(
    500,
    'InternalExecutionError',
    `An internal execution error occurred: ${String(cause instanceof Error ? cause.stack : cause)}`,
  );
}
