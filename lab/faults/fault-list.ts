import type { Fault, FaultableRequest, FaultEffect } from './fault.ts';
import { matches } from './match.ts';

/** The scripted faults of one lab. */
export interface FaultList {
  add(...faults: Fault[]): void;
  /** Counts the request against every fault and gives the effect of the first one that is due. */
  next: (request: FaultableRequest) => FaultEffect | undefined;
  /** Faults that have not hit as often as they should: a test that ends with some has tested less than it says. */
  pending(): Fault[];
  clear(): void;
}

export function createFaultList(): FaultList {
  let entries: { fault: Fault; calls: number; hits: number }[] = [];

  return {
    add(...faults) {
      entries.push(...faults.map((fault) => ({ fault, calls: 0, hits: 0 })));
    },
    next(request) {
      let effect: FaultEffect | undefined;
      for (const entry of entries) {
        const { match, from = 1, times = 1 } = entry.fault;
        if (!matches(match, request)) continue;
        entry.calls += 1;
        if (effect !== undefined || entry.calls < from || entry.hits >= times) continue;
        entry.hits += 1;
        effect = entry.fault.effect;
      }
      return effect;
    },
    pending: () =>
      entries
        .filter(({ fault: { times = 1 }, hits }) => (times === Infinity ? hits === 0 : hits < times))
        .map(({ fault }) => fault),
    clear() {
      entries = [];
    },
  };
}
