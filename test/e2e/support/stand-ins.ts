import type * as PinnedCalls from '../../../shared/intake/tickets/pinned-call.ts';
import type { TicketSystem } from './ticket-system.ts';

/**
 * The network alone is set up otherwise: the hosts resolve to public addresses, as they would, and a call to one of them is taken to its
 * stand-in on loopback. What guards the way there, and the call itself, are the real ones.
 * @param systems by host; asked at each call
 */
export function callsToStandIns(
  systems: () => ReadonlyMap<string, TicketSystem>,
  real: typeof PinnedCalls,
): typeof PinnedCalls {
  return {
    resolveHost: () => Promise.resolve(['140.82.121.6']),
    callPinned: (call) => {
      const system = systems().get(call.url.hostname);
      if (!system) throw new Error(`nobody stands in for ${call.url.hostname}`);
      return real.callPinned({ ...call, address: '127.0.0.1' }, { port: system.port, ca: system.ca });
    },
  };
}
