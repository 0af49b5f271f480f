import type { Engine } from './durable/engine.ts';
import type { Waiters } from './waiters.ts';
import { messageOf } from './errors.ts';
import type { Store } from './store/store.ts';

/** How soon a host sees what another process wrote, or that one has died; in real milliseconds. */
const LOOK_EVERY_MS = 100;
const RENEW_EVERY_MS = 5_000;

/**
 * Keeps this host's lease, takes over what dead hosts left, and notices what other processes wrote. This alone is
 * done by looking again and again: within the process work announces itself.
 */
export function keepShare(
  { owners, database }: Store,
  engine: Engine,
  waiters: Waiters,
  log: (line: string) => void,
): { stop(): void } {
  owners.adopt();
  engine.refresh(true);
  const every = (milliseconds: number, work: () => void): NodeJS.Timeout =>
    setInterval(() => {
      try {
        work();
      } catch (error) {
        // The state file may be locked for long, or its disk full: the next time comes soon.
        log(`[host] The state file cannot be used: ${messageOf(error)}`);
      }
    }, milliseconds);
  const look = every(LOOK_EVERY_MS, () => {
    if (owners.adopt()) engine.refresh(true);
    if (!database.changedElsewhere()) return;
    engine.refresh(false);
    waiters.look();
  });
  const renewal = every(RENEW_EVERY_MS, owners.renew);
  // A host that waits for nothing else must not keep its process alive; its server does.
  look.unref();
  renewal.unref();
  return {
    stop() {
      clearInterval(look);
      clearInterval(renewal);
    },
  };
}
