import type { SecurityRule as ArmSecurityRule } from '@azure/arm-network';
import type { Inspection } from '../model/inspection.ts';
import type { Operation } from '../model/operation.ts';
import type { SecurityRule } from '../model/security-rule.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { beginOperation, nothingToDo } from './operation.ts';
import { childName, parseResourceId, sameResource } from './resource-id.ts';

/**
 * The NSGs that stand before a VM: for each of its NICs those that a packet passes, the subnet's and the NIC's own.
 * One that stands in several places has the same spelling in all of them.
 */
export async function networkSecurityGroupPaths(
  azure: Azure,
  { nics, subscriptionId }: Inspection,
): Promise<string[][]> {
  const { network } = azure(subscriptionId);
  const known: string[] = [];
  const spelled = (id: string | null | undefined): string[] => {
    if (!id) return [];
    const same = known.find((other) => sameResource(other, id));
    if (same === undefined) known.push(id);
    return [same ?? id];
  };
  const paths: string[][] = [];
  for (const { networkSecurityGroupId, subnetId } of nics) {
    const path = spelled(networkSecurityGroupId);
    if (subnetId) {
      const vnet = parseResourceId(subnetId);
      const subnet = await arm(() => network.subnets.get(vnet.resourceGroup, vnet.name, childName(subnetId)));
      path.push(...spelled(subnet.networkSecurityGroup?.id));
    }
    paths.push(path);
  }
  return paths;
}

/** The custom rules of an NSG (the default ones can be neither opened nor closed). */
export async function readSecurityRules(
  azure: Azure,
  networkSecurityGroupId: string,
): Promise<SecurityRule[]> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(networkSecurityGroupId);
  const group = await arm(() => azure(subscriptionId).network.networkSecurityGroups.get(resourceGroup, name));
  return (group.securityRules ?? []).map((rule) => fromArm(networkSecurityGroupId, rule));
}

/** Writes a rule as given (a narrowed one, a new one, or an old one back); nothing to do where it stands so already. */
export async function beginPutSecurityRule(azure: Azure, rule: SecurityRule): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(rule.networkSecurityGroupId);
  const { network } = azure(subscriptionId);
  const current = await armIfExists(() => network.securityRules.get(resourceGroup, name, rule.name));
  if (current && JSON.stringify(fromArm(rule.networkSecurityGroupId, current)) === JSON.stringify(rule)) {
    return nothingToDo(subscriptionId, 'network');
  }
  return beginOperation(subscriptionId, 'network', (options) =>
    network.securityRules.createOrUpdate(resourceGroup, name, rule.name, toArm(rule), options),
  );
}

/** Deletes a rule; nothing to do where it is gone. */
export async function beginDeleteSecurityRule(azure: Azure, rule: SecurityRule): Promise<Operation> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(rule.networkSecurityGroupId);
  const { network } = azure(subscriptionId);
  const current = await armIfExists(() => network.securityRules.get(resourceGroup, name, rule.name));
  if (!current) return nothingToDo(subscriptionId, 'network');
  return beginOperation(subscriptionId, 'network', (options) =>
    network.securityRules.delete(resourceGroup, name, rule.name, options),
  );
}

function fromArm(networkSecurityGroupId: string, rule: ArmSecurityRule): SecurityRule {
  return {
    id: rule.id ?? `${networkSecurityGroupId}/securityRules/${rule.name ?? ''}`,
    name: rule.name ?? '',
    networkSecurityGroupId,
    priority: rule.priority ?? 0,
    access: rule.access === 'Allow' ? 'Allow' : 'Deny',
    direction: rule.direction === 'Inbound' ? 'Inbound' : 'Outbound',
    protocol: rule.protocol ?? '*',
    sources: list(rule.sourceAddressPrefix, rule.sourceAddressPrefixes),
    sourceGroups: groupIds(rule.sourceApplicationSecurityGroups),
    destinations: list(rule.destinationAddressPrefix, rule.destinationAddressPrefixes),
    destinationGroups: groupIds(rule.destinationApplicationSecurityGroups),
    sourcePorts: list(rule.sourcePortRange, rule.sourcePortRanges),
    destinationPorts: list(rule.destinationPortRange, rule.destinationPortRanges),
    description: rule.description ?? '',
  };
}

function toArm(rule: SecurityRule): ArmSecurityRule {
  return {
    priority: rule.priority,
    access: rule.access,
    direction: rule.direction,
    protocol: rule.protocol,
    description: rule.description,
    ...oneOrMany('sourceAddressPrefix', 'sourceAddressPrefixes', rule.sources),
    ...oneOrMany('destinationAddressPrefix', 'destinationAddressPrefixes', rule.destinations),
    ...oneOrMany('sourcePortRange', 'sourcePortRanges', rule.sourcePorts),
    ...oneOrMany('destinationPortRange', 'destinationPortRanges', rule.destinationPorts),
    ...(rule.sourceGroups.length > 0
      ? { sourceApplicationSecurityGroups: rule.sourceGroups.map((id) => ({ id })) }
      : {}),
    ...(rule.destinationGroups.length > 0
      ? { destinationApplicationSecurityGroups: rule.destinationGroups.map((id) => ({ id })) }
      : {}),
  };
}

/** ARM has a singular field for one value (which may be `*` or a tag) and a plural one for an augmented rule. */
function oneOrMany<One extends string, Many extends string>(
  one: One,
  many: Many,
  values: readonly string[],
): Partial<Record<One, string> & Record<Many, string[]>> {
  const fields: Record<string, string | string[]> =
    values.length === 1 && values[0] !== undefined ? { [one]: values[0] } : { [many]: [...values] };
  return Object.assign<Partial<Record<One, string> & Record<Many, string[]>>, typeof fields>({}, fields);
}

function list(one: string | undefined, many: string[] | undefined): string[] {
  return [...(one ? [one] : []), ...(many ?? [])];
}

function groupIds(groups: { id?: string }[] | undefined): string[] {
  return (groups ?? []).flatMap(({ id }) => (id ? [id] : []));
}
