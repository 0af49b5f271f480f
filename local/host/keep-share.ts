import type { Engine } from './durable/engine.ts';
import type { Waiters } from './waiters.ts';
import type { Store } from './store/store.ts';

/** How soon a host sees what another process wrote, or that one has died; in real milliseconds. */
const LOOK_EVERY_MS = 100;
const RENEW_EVERY_MS = 5_000;

/**
 * Keeps this host's lease, takes over what dead hosts left, and notices what other processes wrote. This alone is
 * done by looking again and again: within the process work announces itself.
 */
export function keepShare({ owners, database }: Store, engine: Engine, waiters: Waiters): { stop(): void } {
  owners.adopt();
  engine.refresh(true);
  const look = setInterval(() => {
    if (owners.adopt()) engine.refresh(true);
    else if (database.changedElsewhere()) {
      engine.refresh(false);
      waiters.look();
    }
  }, LOOK_EVERY_MS);
  const renewal = setInterval(() => {
    owners.renew();
  }, RENEW_EVERY_MS);
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
