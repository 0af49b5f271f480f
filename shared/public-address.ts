import ipaddr from 'ipaddr.js';

/** Azure's platform address: public by its range, but it answers inside every virtual network. */
const AZURE_PLATFORM = '168.63.129.16';

/** Whether an IP address lies in the public Internet, and nowhere that only this network can see. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // `process` unwraps IPv4 in IPv6, which would otherwise hide a private address.
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && parsed.toString() !== AZURE_PLATFORM;
}
