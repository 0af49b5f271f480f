import { isOpenSource } from '../model/address-prefix.ts';
import type { SecurityRule } from '../model/security-rule.ts';
import { coversPort, decidingAllow, isFor, narrowedSources, notDenied, rulesOn } from './rdp-exposure.ts';

/** What a plan for the rules of one NSG is made from. */
export interface Ground {
  /** All rules of that NSG, as they were read last. */
  readonly rules: readonly SecurityRule[];
  /** The VM's private addresses: whatever is added is for them alone. */
  readonly addresses: readonly string[];
  readonly adminAddresses: readonly string[];
  /** Of this remediation: names made with it are nobody else's. */
  readonly tag: string;
  /** Whether the NSG stands before other machines too. */
  readonly shared: boolean;
}

/** One rule as it is to be written; `before`: as it stands (`null`: not there). */
export interface RuleWrite {
  readonly before: SecurityRule | null;
  readonly after: SecurityRule;
}

/** How one open rule is closed for the VM. */
export interface Restriction {
  readonly writes: readonly RuleWrite[];
  /** Allows behind the Deny whose sources were taken into our own Allow, so that they go on working. */
  readonly partners: readonly SecurityRule[];
}

const LOWEST_PRIORITY = 100;

/**
 * How to close one open rule for the RDP port of this VM to all but the given addresses, leaving its meaning for every other
 * machine, port and source as it is. It is rewritten only where it means nothing else; otherwise two rules go before it.
 * `undefined` where no address of the VM is known, or the NSG has no free priority before the rule.
 */
export function restrictRule(rule: SecurityRule, port: number, ground: Ground): Restriction | undefined {
  const { addresses, adminAddresses, shared } = ground;
  if (addresses.length === 0) return undefined;
  const sources = narrowedSources(rule, adminAddresses);
  const isOurs = !shared || rule.destinations.every((destination) => addresses.includes(bare(destination)));
  if (
    isOurs &&
    sources.length > 0 &&
    rule.destinationGroups.length === 0 &&
    rule.destinationPorts.length === 1 &&
    rule.destinationPorts[0] === String(port)
  ) {
    const destinations = shared ? rule.destinations : [...addresses];
    return { writes: [{ before: rule, after: { ...rule, sources, destinations } }], partners: [] };
  }
  return precede(rule, port, sources, ground);
}

function precede(
  rule: SecurityRule,
  port: number,
  sources: readonly string[],
  ground: Ground,
): Restriction | undefined {
  const name = (access: string): string =>
    `rdp-medic-${ground.tag}-${access}-${port}-before-${rule.priority}`;
  const names = [name('allow'), name('deny')];
  const [denyAt, allowAt] = freePrioritiesBefore(rule.priority, ground.rules, names);
  if (denyAt === undefined || allowAt === undefined) return undefined;
  const between = rulesOn(ground.rules, port).filter(
    (other) => other.priority > allowAt && !names.includes(other.name) && isFor(other, ground.addresses),
  );
  const before = (limit: SecurityRule): SecurityRule[] =>
    between.filter(({ priority }) => priority < limit.priority);
  const partners = between.filter(
    (other) =>
      other !== rule &&
      other.access === 'Allow' &&
      other.priority > denyAt &&
      partnersOf(other, before(other)).length > 0,
  );
  const letIn = [
    ...notDenied(sources, before(rule)),
    ...partners.flatMap((other) => partnersOf(other, before(other))),
  ];
  const added = {
    ...rule,
    protocol: 'Tcp',
    destinationPorts: [String(port)],
    destinations: [...ground.addresses],
    destinationGroups: [],
    sourceGroups: [],
  };
  const allow = {
    ...named(added, name('allow')),
    priority: allowAt,
    access: 'Allow' as const,
    sources: [...new Set(letIn)],
  };
  const deny = {
    ...named(added, name('deny')),
    priority: denyAt,
    access: 'Deny' as const,
    sources: ['Internet'],
    sourcePorts: ['*'],
  };
  const wanted = letIn.length > 0 ? [allow, deny] : [deny];
  return { writes: wanted.map((after) => ({ before: standing(after, ground), after })), partners };
}

/** Sources of an Allow that come from the Internet and are not all of it. */
function partnersOf({ sources }: SecurityRule, before: readonly SecurityRule[]): string[] {
  const partners = sources.filter(
    (source) =>
      !isOpenSource(source) && !['virtualnetwork', 'azureloadbalancer'].includes(source.toLowerCase()),
  );
  return notDenied(partners, before);
}

/** How the NSG is to let a moved RDP port through. */
export type MovedPort =
  { kind: 'add'; write: RuleWrite } | { kind: 'let-through' } | { kind: 'none'; why: string };

/**
 * The rule that lets those reach a moved RDP port of this VM who reached the old one, but for the Internet; of the administrators
 * those who did.
 */
export function letMovedPortThrough(oldPort: number, port: number, ground: Ground): MovedPort {
  const { rules, addresses, adminAddresses, tag } = ground;
  if (addresses.length === 0) return { kind: 'none', why: 'no private address of the VM is known' };
  const model = decidingAllow(rules, oldPort, addresses);
  if (!model) return { kind: 'none', why: `no rule allows port ${oldPort} to this VM` };
  if (coversPort(model.destinationPorts, port)) return { kind: 'let-through' };
  const name = `rdp-medic-${tag}-allow-${port}`;
  const [priority] = freePrioritiesBefore(model.priority, rules, [name]);
  if (priority === undefined) return { kind: 'none', why: 'no priority is free before it' };
  const denies = rulesOn(rules, oldPort).filter(
    (rule) =>
      rule.access === 'Deny' &&
      rule.priority < model.priority &&
      isFor(rule, addresses) &&
      !(rule.priority < priority && coversPort(rule.destinationPorts, port)),
  );
  const sources = notDenied(narrowedSources(model, adminAddresses), denies);
  const sourceGroups = denies.length > 0 ? [] : model.sourceGroups;
  if (sources.length === 0 && sourceGroups.length === 0)
    return { kind: 'none', why: 'the old port was only open to the Internet' };
  const after = {
    ...named(model, name),
    protocol: 'Tcp',
    priority,
    sources,
    sourceGroups: [...sourceGroups],
    destinations: [...addresses],
    destinationGroups: [],
    destinationPorts: [String(port)],
  };
  return { kind: 'add', write: { before: standing(after, ground), after } };
}

function named(base: SecurityRule, name: string): SecurityRule {
  return {
    ...base,
    name,
    id: `${base.networkSecurityGroupId}/securityRules/${name}`,
    description: 'Created by RDP Medic',
  };
}

/** Our own rule, where it stands already with another priority or other sources. */
function standing({ name }: SecurityRule, { rules }: Ground): SecurityRule | null {
  return rules.find((rule) => rule.name === name) ?? null;
}

/** The two highest free priority numbers below one, descending; rules of our own may give way. */
function freePrioritiesBefore(
  limit: number,
  rules: readonly SecurityRule[],
  own: readonly string[],
): number[] {
  const taken = new Set(
    rules
      .filter(({ direction, name }) => direction === 'Inbound' && !own.includes(name))
      .map(({ priority }) => priority),
  );
  const free: number[] = [];
  for (let candidate = limit - 1; candidate >= LOWEST_PRIORITY && free.length < 2; candidate--) {
    if (!taken.has(candidate)) free.push(candidate);
  }
  return free;
}

/** A prefix of one address as that address. */
function bare(destination: string): string {
  return destination.replace(/\/32$/, '');
}
