import { isLetIn, isOpenSource, isWithin, mayOverlap } from '../model/address-prefix.ts';
import type { SecurityRule } from '../model/security-rule.ts';

/** Whether a list of ports and ranges (`3389`, `3000-4000`, `*`) covers a port. */
export function coversPort(ports: readonly string[], port: number): boolean {
  return ports.some((text) => {
    if (text === '*') return true;
    const [from = NaN, to = from] = text.split('-').map(Number);
    return from <= port && port <= to;
  });
}

/** The inbound rules that have a say on a TCP port, in the order Azure evaluates them: the first that fits decides. */
export function rulesOn(rules: readonly SecurityRule[], port: number): SecurityRule[] {
  return rules
    .filter(
      ({ direction, protocol, destinationPorts }) =>
        direction === 'Inbound' &&
        ['*', 'tcp'].includes(protocol.toLowerCase()) &&
        coversPort(destinationPorts, port),
    )
    .sort((a, b) => a.priority - b.priority);
}

/** As `rulesOn`, up to a Deny of the whole Internet for that port and these addresses: nothing behind it counts. */
export function rulesBeforeWall(
  rules: readonly SecurityRule[],
  port: number,
  addresses: readonly string[],
): SecurityRule[] {
  const inOrder = rulesOn(rules, port);
  const wall = inOrder.findIndex((rule) => deniesInternet(rule, addresses));
  return wall < 0 ? inOrder : inOrder.slice(0, wall);
}

/**
 * The inbound rules of one NSG that let the Internet reach the RDP port, in the order Azure evaluates them.
 * @param addresses the VM's private ones, so that rules for other VMs of the subnet do not count; all count without
 */
export function openRdpRules(
  rules: readonly SecurityRule[],
  port: number,
  addresses: readonly string[] = [],
): SecurityRule[] {
  return rulesBeforeWall(rules, port, addresses).filter(
    (rule) => rule.access === 'Allow' && rule.sources.some(isOpenSource) && isFor(rule, addresses),
  );
}

/**
 * The rules that open RDP to the Internet in effect: it gets in where every group on the way to a NIC lets it.
 * @param paths for each NIC the ids of the groups that a packet passes
 */
export function exposedRdpRules(
  paths: readonly (readonly string[])[],
  rules: readonly SecurityRule[],
  port: number,
  addresses: readonly string[] = [],
): SecurityRule[] {
  const openIn = (group: string): SecurityRule[] =>
    openRdpRules(
      rules.filter(({ networkSecurityGroupId }) => networkSecurityGroupId === group),
      port,
      addresses,
    );
  const exposed = paths
    .map((path) => path.map(openIn))
    .filter((groups) => groups.every((open) => open.length > 0));
  return [...new Set(exposed.flat(2))];
}

/**
 * Of the network cards those on whose way no group stands: there no rule keeps anybody away from RDP.
 * @param paths for each of them the ids of the groups that a packet passes
 */
export function unguarded<Nic>(paths: readonly (readonly string[])[], nics: readonly Nic[]): Nic[] {
  return nics.filter((_, index) => paths[index]?.length === 0);
}

/**
 * The Allow that decides by priority who reaches a port of the VM; a rule for a group of machines is not taken for one, since
 * nobody here knows who is in it.
 */
export function decidingAllow(
  rules: readonly SecurityRule[],
  port: number,
  addresses: readonly string[],
): SecurityRule | undefined {
  return rulesBeforeWall(rules, port, addresses).find(
    (rule) => rule.access === 'Allow' && reaches(rule, addresses),
  );
}

/** Of these sources those that no Deny among the rules may keep out. */
export function notDenied(sources: readonly string[], rules: readonly SecurityRule[]): string[] {
  const denied = rules
    .filter(({ access }) => access === 'Deny')
    .flatMap((rule) => (rule.sourceGroups.length > 0 ? ['*'] : rule.sources));
  return sources.filter((source) => !denied.some((other) => mayOverlap(source, other)));
}

/** Who of these is let in by a rule: its sources but for the open ones, and of the administrators those within its sources. */
export function narrowedSources(
  { sources }: Pick<SecurityRule, 'sources'>,
  adminAddresses: readonly string[],
): string[] {
  const kept = sources.filter((source) => !isOpenSource(source));
  return [...new Set([...kept, ...adminAddresses.filter((address) => isLetIn(address, sources))])];
}

function deniesInternet(
  { access, sources, sourcePorts, destinations }: SecurityRule,
  addresses: readonly string[],
): boolean {
  const ours = (address: string): boolean => destinations.some((prefix) => isWithin(address, prefix));
  return (
    access === 'Deny' &&
    sources.some((source) => ['*', 'any', 'internet', '0.0.0.0/0'].includes(source.toLowerCase())) &&
    sourcePorts.includes('*') &&
    (destinations.some(isEverything) || (addresses.length > 0 && addresses.every(ours)))
  );
}

/** Whether a rule may be about the VM. */
export function isFor(rule: SecurityRule, addresses: readonly string[]): boolean {
  // Who is in an application security group is not known here.
  return addresses.length === 0 || rule.destinationGroups.length > 0 || reaches(rule, addresses);
}

function reaches({ destinations }: SecurityRule, addresses: readonly string[]): boolean {
  return destinations.some(
    (destination) => isEverything(destination) || addresses.some((address) => isWithin(address, destination)),
  );
}

function isEverything(destination: string): boolean {
  return ['*', 'any', '0.0.0.0/0', 'virtualnetwork'].includes(destination.toLowerCase());
}
