import { LRUCache } from 'lru-cache';
import type { Clock } from '../../shared/clock.ts';
import { isOver, type Engine } from './engine.ts';

/** As long as it is believed of an instance that it is still running. */
const BELIEVED_MS = 10_000;
/** More than there are places in all subscriptions of a storm. */
const REMEMBERED = 10_000;

/** Instances that the engine has just said are running. */
export interface SeenRunning {
  /** Whether nothing is running under this id; the engine is asked once in ten seconds. */
  isOver: (engine: Pick<Engine, 'getStatus'>, instanceId: string) => Promise<boolean>;
}

/**
 * Hundreds of messages that wait for a place ask each minute for the holders of all of them: each holder is asked for once in ten
 * seconds, by whichever message comes first. An end is never remembered: its place is taken at once.
 */
export function createSeenRunning(clock: Pick<Clock, 'now'>): SeenRunning {
  const until = new LRUCache<string, number>({ max: REMEMBERED });
  return {
    async isOver(engine, instanceId) {
      if ((until.get(instanceId) ?? 0) > clock.now()) return false;
      const over = await isOver(engine, instanceId);
      if (over) until.delete(instanceId);
      else until.set(instanceId, clock.now() + BELIEVED_MS);
      return over;
    },
  };
}
