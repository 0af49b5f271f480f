import * as real from '../../shared/intake/tickets/pinned-call.ts';

/** Where on loopback who stands in for a host is, by the host. */
export type Places = ReadonlyMap<string, { readonly port: number; readonly ca: string }>;

/**
 * The network alone is set up otherwise, in an app with stand-ins (`appWithStandIns`): hosts resolve to a public address, as they would, and
 * a call to one of them is taken to its stand-in on loopback. What guards the way there, and the call itself, are the real ones.
 */
let places: Places = new Map();

export function standIn(given: Places): void {
  places = given;
}

export const resolveHost: typeof real.resolveHost = () => Promise.resolve(['140.82.121.6']);

export const callPinned: typeof real.callPinned = (call) => {
  const place = places.get(call.url.hostname);
  if (!place) throw new Error(`nobody stands in for ${call.url.hostname}`);
  const { port, ca } = place;
  return real.callPinned({ ...call, address: '127.0.0.1' }, { port, ca });
};
