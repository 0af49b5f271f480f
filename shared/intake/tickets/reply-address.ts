import ipaddr from 'ipaddr.js';

/** Azure's platform address: public by its range, but it answers inside every virtual network. */
const AZURE_PLATFORM = '168.63.129.16';

/** Whether an address is HTTPS on the usual port, without credentials, on one of the hosts (`*.` is any below). */
export function isAllowedAddress(address: string, allowedHosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username, password } = new URL(address);
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '') return false;
  return allowedHosts.some((allowed) =>
    allowed.startsWith('*.') ? hostname.endsWith(allowed.slice(1)) : hostname === allowed,
  );
}

/** Whether an IP address lies in the public Internet, and nowhere that only this network can see. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // `process` unwraps IPv4 in IPv6, which would otherwise hide a private address.
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && parsed.toString() !== AZURE_PLATFORM;
}
