import type { ClockTimer } from '../../shared/clock.ts';
import type { FaultableRequest } from '../faults/fault.ts';
import { matches } from '../faults/match.ts';
import type { Context } from '../arm/context.ts';
import { ArmError } from '../arm/errors.ts';
import type { Operation } from '../arm/operations.ts';
import type { Bystanders, Pipeline } from '../arm/pipeline.ts';
import type { Actor, Moment } from './actor.ts';
import { VERBS } from './deeds/index.ts';
import { writeDeed } from './parse.ts';
import { findVm } from './scene.ts';
import { createSomebody } from './somebody.ts';

/** What became of one deed. */
export interface Performance {
  who: string;
  deed: string;
  /** Lab time it was begun and ended at, in milliseconds since the epoch. */
  at: number;
  endedAt?: number;
  /** Code and words of the refusal; of the lab itself when what the deed names does not exist. */
  error?: { code: string; message: string };
}

/** The scripted people and machines of one lab. */
export interface ActorList {
  add(...actors: Actor[]): void;
  /** Those that have not acted as often as they should: a test that ends with some has tested less than it says. */
  pending(): Actor[];
  /** All deeds so far, in the order they were begun. */
  history(): readonly Performance[];
  /** Resolves once nobody is at it any more. */
  idle(): Promise<void>;
  /** Sends everybody home; what they have begun goes on. */
  clear(): void;
}

interface Entry {
  actor: Actor;
  /** Matching calls so far. */
  calls: number;
  /** How often it has been its turn, and how often it has acted. */
  turns: number;
  hits: number;
}

export function createActorList(
  context: Context,
  pipeline: () => Pipeline,
  fallbackVmId: (name: string) => string,
): { list: ActorList; bystanders: Bystanders } {
  const { clock, operations } = context;
  let entries: Entry[] = [];
  const history: Performance[] = [];
  const busy = new Set<Promise<void>>();
  const timers = new Set<ClockTimer>();

  const targetOf = ({ target, when }: Actor, path: string | undefined): string => {
    const fromPath = /^.*\/virtualMachines\/[^/]+/i.exec(path ?? '')?.[0];
    const fromMatch = 'match' in when ? when.match.resource : undefined;
    const named = target ?? fromPath ?? fromMatch;
    if (named === undefined) throw new RangeError('Nobody said which VM it is about: add `on <VM>`.');
    return findVm(context, named) ?? (named.startsWith('/') ? named : fallbackVmId(named));
  };

  /** Does the deeds of an actor. `begun` is called when Azure has answered the first change. */
  const act = async ({ actor }: Entry, path: string | undefined, begun: () => void): Promise<void> => {
    const azure = createSomebody(actor.who, { clock, operations, pipeline: pipeline(), answered: begun });
    for (const deed of actor.deeds) {
      const performance: Performance = { who: actor.who, deed: writeDeed(deed), at: clock.now() };
      history.push(performance);
      try {
        const scene = { azure, context, vmId: targetOf(actor, path) };
        await VERBS[deed.verb].run(scene, deed.words, deed.settings);
      } catch (cause) {
        performance.error = describe(cause);
        return;
      } finally {
        performance.endedAt = clock.now();
      }
    }
  };

  /** @returns when a call that waits may go on */
  const begin = (entry: Entry, path?: string): Promise<void> => {
    entry.hits += 1;
    const release = clock.hold();
    let begun: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const done = act(entry, path, begun).finally(() => busy.delete(done));
    busy.add(done);
    release();
    return entry.actor.underWay === true ? Promise.race([underWay, done]) : done;
  };

  const setTimer = (at: number, then: () => void): void => {
    const timer = clock.setTimer(at, () => {
      timers.delete(timer);
      then();
    });
    timers.add(timer);
  };

  const setOut = (entry: Entry): void => {
    const { when } = entry.actor;
    if (when.kind === 'at') setTimer(when.time, () => void begin(entry));
    if (when.kind !== 'in') return;
    setTimer(clock.now() + when.seconds * 1000, () => {
      void begin(entry);
      if (entry.hits < timesOf(when)) setOut(entry);
    });
  };

  /** Entries of a kind whose turn it is with this call. */
  const due = (call: FaultableRequest, kinds: readonly Moment['kind'][]): Entry[] =>
    entries.filter((entry) => {
      const { when } = entry.actor;
      if (!('match' in when) || !kinds.includes(when.kind) || !matches(when.match, call)) return false;
      entry.calls += 1;
      const isDue = entry.calls >= (when.from ?? 1) && entry.turns < timesOf(when);
      if (isDue) entry.turns += 1;
      return isDue;
    });

  const follow = (entry: Entry, path: string): void => {
    const { when } = entry.actor;
    const delay = ('delaySeconds' in when ? when.delaySeconds : undefined) ?? 0;
    setTimer(clock.now() + delay * 1000, () => void begin(entry, path));
  };

  return {
    bystanders: {
      before(call) {
        const ready = due(call, ['before']);
        if (ready.length === 0) return undefined;
        return async () => {
          for (const entry of ready) await begin(entry, call.path);
        };
      },
      after(call, operation: Operation | undefined) {
        for (const entry of due(call, ['after', 'once'])) {
          if (operation === undefined || entry.actor.when.kind === 'after') follow(entry, call.path);
          else
            void operations.ended(operation).then(() => {
              if (operation.status === 'Succeeded') follow(entry, call.path);
              else entry.turns -= 1;
            });
        }
      },
    },
    list: {
      add(...actors) {
        const added = actors.map((actor): Entry => ({ actor, calls: 0, turns: 0, hits: 0 }));
        entries = [...entries, ...added];
        added.forEach(setOut);
      },
      pending: () =>
        entries
          .filter(({ actor: { when }, hits }) =>
            timesOf(when) === Infinity ? hits === 0 : hits < timesOf(when),
          )
          .map(({ actor }) => actor),
      history: () => history,
      async idle() {
        while (busy.size > 0) await Promise.all(busy);
      },
      clear() {
        for (const timer of timers) timer.cancel();
        timers.clear();
        entries = [];
      },
    },
  };
}

function timesOf(when: Moment): number {
  return ('times' in when ? when.times : undefined) ?? 1;
}

function describe(cause: unknown): { code: string; message: string } {
  if (cause instanceof ArmError) return { code: cause.code, message: cause.message };
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: 'LabActor', message };
}
