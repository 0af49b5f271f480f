import { isPublicAddress } from '../../public-address.ts';
import type { PinnedCall, PinnedResponse } from './pinned-call.ts';
import { isAllowedAddress } from './reply-address.ts';

/** The network, as far as calls to other people's systems need it. */
export interface Outside {
  /** All addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly call: (call: PinnedCall) => Promise<PinnedResponse>;
}

/** A call to a system of somebody else's, and the hosts that it may go to. */
export interface GuardedCall extends Pick<PinnedCall, 'method' | 'headers' | 'body'> {
  readonly address: string;
  readonly allowedHosts: readonly string[];
}

/** What became of a call; `later`: it is worth another try. `why` holds nothing of address, headers or body: they may be secrets. */
export type Delivered =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'later'; readonly why: string; readonly retryAfterSeconds?: number };

/**
 * Calls an address that came from outside, or from a setting: host on the list, every resolved address public, and the call goes to
 * the very address that was checked. Redirects are not followed.
 * @param system who is called, for people: "the ticket system"
 */
export async function callGuarded(
  { address, allowedHosts, method, headers, body }: GuardedCall,
  system: string,
  outside: Outside,
): Promise<Delivered> {
  if (!isAllowedAddress(address, allowedHosts))
    return refused('The address is not on the list of allowed hosts.');
  const url = new URL(address);
  try {
    const addresses = await outside.resolve(url.hostname);
    const [first] = addresses;
    if (first === undefined) return { kind: 'later', why: `The host of ${system} has no address.` };
    if (!addresses.every(isPublicAddress))
      return refused('The host resolves to an address that is not public.');
    return judge(await outside.call({ url, address: first, method, headers, body }), system);
  } catch {
    // The error may repeat headers, and with them the credential: only that it failed is told.
    return { kind: 'later', why: `${capitalised(system)} could not be reached.` };
  }
}

function judge({ status, retryAfterSeconds }: PinnedResponse, system: string): Delivered {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const why = `${capitalised(system)} answered ${String(status)}`;
  if (status === 408 || status === 429 || status >= 500)
    return {
      kind: 'later',
      why: `${why}.`,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
  return refused(status >= 300 && status < 400 ? `${why}, a redirect, which is not followed.` : `${why}.`);
}

function refused(why: string): Delivered {
  return { kind: 'refused', why };
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
