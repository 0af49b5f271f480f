import ipaddr from 'ipaddr.js';

/** First and last address as numbers. */
type Range = readonly [number, number];

const ALL: Range = [0, 0xffff_ffff];

/** Whether an IPv4 address or range, as firewall rules and requests write them, has an address of the other; words have none. */
export function overlap(one: string, other: string): boolean {
  const [first, second] = [rangeOf(one), rangeOf(other)];
  if (!first || !second) return false;
  return first[0] <= second[1] && second[0] <= first[1];
}

/** `*`, `10.0.0.4`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1-10.0.0.9`. */
function rangeOf(text: string): Range | undefined {
  if (text === '*') return ALL;
  const [from = '', to] = text.split('-');
  if (to !== undefined) return rangeBetween(numberOf(from), numberOf(to));
  const [network = '', mask] = text.split('/');
  const bits = mask === undefined ? 32 : prefixOf(mask);
  const address = numberOf(network);
  if (address === undefined || bits === undefined) return undefined;
  const size = 2 ** (32 - bits);
  const first = address - (address % size);
  return [first, first + size - 1];
}

function rangeBetween(from: number | undefined, to: number | undefined): Range | undefined {
  return from === undefined || to === undefined ? undefined : [from, to];
}

function numberOf(text: string): number | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  return ipaddr.IPv4.parse(text)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
}

function prefixOf(mask: string): number | undefined {
  if (/^\d{1,2}$/.test(mask)) return Number(mask) <= 32 ? Number(mask) : undefined;
  if (!ipaddr.IPv4.isValidFourPartDecimal(mask)) return undefined;
  return ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask() ?? undefined;
}
