import type { Owner } from '../model/mandate.ts';

/** What the engine says of the instance under which a remediation was carried on. */
export type Seen =
  /** It goes on with this very remediation. */
  | 'goes-on'
  /** It goes on with another attempt on the VM, or with something that cannot be read. */
  | 'busy'
  /** It failed, was terminated, or ended without a word in the record. */
  | 'over'
  /** The engine knows nothing of it. */
  | 'gone';

/** What becomes of a remediation whose record has no end; `why` is told where it is for a person. */
export type LostFate = { fate: 'leave' } | { fate: 'take-over'; why: string } | { fate: 'tell'; why: string };

/**
 * Azure fences nobody: so only what the engine itself calls over is taken over, and an engine that knows nothing of it only after its
 * owner should have signed again, for it may be a new one beside an old one that is merely slow. Another hub's is never touched.
 * @param hub the task hub of the engine that was asked
 * @param now milliseconds since the epoch
 */
export function fateOfUnfinished(owner: Owner, hub: string, seen: Seen, now: number): LostFate {
  if (owner.hub !== hub) return tellOfOther(owner, hub, now);
  switch (seen) {
    case 'goes-on':
    case 'busy':
      return { fate: 'leave' };
    case 'over':
      return {
        fate: 'take-over',
        why: 'its Durable Functions instance ended without a result',
      };
    case 'gone':
      return now > Date.parse(owner.nextSignBy)
        ? {
            fate: 'take-over',
            why: `its Durable Functions instance has been missing since ${owner.nextSignBy}`,
          }
        : { fate: 'leave' };
  }
}

function tellOfOther({ hub: other, nextSignBy }: Owner, hub: string, now: number): LostFate {
  if (now <= Date.parse(nextSignBy)) return { fate: 'leave' };
  return {
    fate: 'tell',
    why: `it belongs to task hub ${other}, not ${hub}, and its last heartbeat was due by ${nextSignBy}`,
  };
}
