import ipaddr from 'ipaddr.js';

/** Sources that include any host of the Internet. */
const EVERYONE = ['*', 'internet', 'any', '0.0.0.0/0', '::/0'];
/** All of Azure's own addresses, or those of a region: anybody can rent one (Virtual network service tags). */
const AZURE_CLOUD = /^azurecloud(\.|$)/;
/** A prefix this short or shorter is "the Internet" in disguise (0.0.0.0/1 and 128.0.0.0/1 are a known trick). */
const OPEN_PREFIX_BITS = { ipv4: 4, ipv6: 8 } as const;
/** The largest blocks that one owner has: a /8 of IPv4 (10.0.0.0/8), a /19 of IPv6 (what a registry gave out at most). */
const WIDEST_BITS = { ipv4: 8, ipv6: 19 } as const;

type Block = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A prefix or single address; `undefined` for a service tag. IPv4 written as IPv6 counts as IPv4. */
function blockOf(prefix: string): Block | undefined {
  const text = prefix.trim();
  if (ipaddr.isValidCIDR(text)) {
    const [base, bits] = ipaddr.parseCIDR(text);
    if (base instanceof ipaddr.IPv6 && bits >= 96 && base.isIPv4MappedAddress())
      return [base.toIPv4Address(), bits - 96];
    return [base, bits];
  }
  if (!ipaddr.isValid(text) || (!text.includes(':') && text.split('.').length !== 4)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Whether a source lets the whole Internet, or a very large part of it, in. */
export function isOpenSource(source: string): boolean {
  const text = source.trim().toLowerCase();
  if (EVERYONE.includes(text) || AZURE_CLOUD.test(text)) return true;
  const block = blockOf(text);
  return block !== undefined && block[1] <= OPEN_PREFIX_BITS[block[0].kind()];
}

/** Whether a prefix is wider than any that one owner's administrators can sit in. */
export function isTooWide(prefix: string): boolean {
  if (isOpenSource(prefix)) return true;
  const block = blockOf(prefix);
  return block !== undefined && block[1] < WIDEST_BITS[block[0].kind()];
}

/** Whether an address or prefix lies within another one; tags lie in nothing but themselves. */
export function isWithin(inner: string, outer: string): boolean {
  if (inner.toLowerCase() === outer.toLowerCase()) return true;
  const [one, other] = [blockOf(inner), blockOf(outer)];
  if (!one || !other || one[0].kind() !== other[0].kind()) return false;
  return one[1] >= other[1] && one[0].match(other[0], other[1]);
}

/** Whether these sources already let that address in. What nobody can tell (whether it is one of Azure's own) counts as no. */
export function isLetIn(address: string, sources: readonly string[]): boolean {
  return sources.some((source) => {
    const text = source.trim().toLowerCase();
    if (text === '*' || text === 'any') return true;
    if (text === 'internet') return blockOf(address)?.[0].range() !== 'private';
    return isWithin(address, text);
  });
}

/** Whether two sources may have an address in common; of a tag nobody knows which addresses it holds. */
export function mayOverlap(one: string, other: string): boolean {
  if (!blockOf(one) || !blockOf(other)) return true;
  return isWithin(one, other) || isWithin(other, one);
}
