import type { ProbeResult } from '../model/probe.ts';
import { isPublicAddress } from '../public-address.ts';
import { probeRdp, type ProbeOptions } from './probe.ts';

export interface ProbeAnyOptions extends ProbeOptions {
  /** Whether there is a route from here to private addresses. */
  readonly privateRoute: boolean;
}

/** The setting that says so. */
const SETTING = 'RDP_MEDIC_PRIVATE_ROUTE';

/**
 * Asks a machine at all of its addresses at once; one of them that answers is enough. Without a route a private
 * address is another network's, and whoever has its number there could answer for the VM: it is not asked.
 */
export async function probeAny(
  addresses: readonly string[],
  port: number,
  { privateRoute, ...options }: ProbeAnyOptions,
): Promise<ProbeResult> {
  const asked = addresses.filter((address) => privateRoute || isPublicAddress(address));
  const [address] = addresses;
  if (address === undefined) {
    return { state: 'filtered', address: '', port, detail: 'The VM has no address to check.' };
  }
  const seen = await Promise.all(asked.map((each) => probeRdp({ address: each, port }, options)));
  const [best] = seen.toSorted((a, b) => silence(a) - silence(b));
  const detail = `The VM has only private addresses, and no route to private addresses is configured (${SETTING}).`;
  return best ?? { state: 'filtered', address, port, detail };
}

/** How little an answer says about the VM. */
function silence({ state }: ProbeResult): number {
  if (state === 'filtered') return 2;
  return state === 'other-machine' ? 1 : 0;
}
