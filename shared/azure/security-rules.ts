import type { SecurityRule as ArmSecurityRule } from '@azure/arm-network';
import { MedicError } from '../errors.ts';
import type { Inspection } from '../model/inspection.ts';
import type { Operation } from '../model/operation.ts';
import { isSameRule, type RuleAnswer, type SecurityRule } from '../model/security-rule.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { beginOperation, nothingToDo, requireSettled } from './operation.ts';
import { nameOf } from '../model/vm-id.ts';
import { parseResourceId, sameResource } from './resource-id.ts';

/**
 * The NSGs that stand before a VM: for each of its NICs those that a packet passes, the subnet's and the NIC's own.
 * One that stands in several places has the same spelling in all of them.
 */
export async function networkSecurityGroupPaths(
  azure: Azure,
  { nics, subscriptionId }: Inspection,
): Promise<string[][]> {
  const { network } = await azure(subscriptionId);
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
      const subnet = await arm(() => network.subnets.get(vnet.resourceGroup, vnet.name, nameOf(subnetId)));
      path.push(...spelled(subnet.networkSecurityGroup?.id));
    }
    paths.push(path);
  }
  return paths;
}

/** The custom rules of an NSG (the default ones can be neither opened nor closed), and whether it stands before others than this VM. */
export async function readSecurityRules(
  azure: Azure,
  networkSecurityGroupId: string,
  { nics }: Pick<Inspection, 'nics'>,
): Promise<{ rules: SecurityRule[]; shared: boolean }> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(networkSecurityGroupId);
  const group = await arm(async () =>
    (await azure(subscriptionId)).network.networkSecurityGroups.get(resourceGroup, name),
  );
  const isOurs = (id: string | undefined): boolean =>
    id !== undefined && nics.some((nic) => sameResource(nic.id, id));
  return {
    rules: (group.securityRules ?? []).map((rule) => fromArm(networkSecurityGroupId, rule)),
    // Machines come and go in a subnet: its group is never ours alone.
    shared:
      nics.some(({ networkSecurityGroupId: own }) => !own || !sameResource(own, networkSecurityGroupId)) ||
      (group.subnets ?? []).length > 0 ||
      (group.networkInterfaces ?? []).some(({ id }) => !isOurs(id)),
  };
}

/**
 * Writes a rule as given, where it still stands as known (`null`: not there); nothing to do where it stands as given already.
 * What is compared is what is written over: the write bears the ETag of that reading.
 */
export async function beginPutSecurityRule(
  azure: Azure,
  rule: SecurityRule,
  before: SecurityRule | null,
): Promise<RuleAnswer> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(rule.networkSecurityGroupId);
  const { network } = await azure(subscriptionId);
  const { current, etag } = await readRule(azure, rule);
  if (current && isSameRule(current, rule)) return begun(nothingToDo(subscriptionId, 'network'));
  if (before === null ? current : !current || !isSameRule(current, before)) return { state: 'moved' };
  try {
    return begun(
      await beginOperation(subscriptionId, 'network', (options) =>
        network.securityRules.createOrUpdate(resourceGroup, name, rule.name, toArm(rule), {
          ...options,
          requestOptions: { headers: current ? ifMatch(etag) : { 'if-none-match': '*' } },
        }),
      ),
    );
  } catch (error) {
    if (error instanceof MedicError && PRIORITY_TAKEN.test(error.message)) return { state: 'priority-taken' };
    throw error;
  }
}

/** Deletes a rule that still stands as we left it; nothing to do where it is gone. */
export async function beginDeleteSecurityRule(azure: Azure, rule: SecurityRule): Promise<RuleAnswer> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(rule.networkSecurityGroupId);
  const { network } = await azure(subscriptionId);
  const { current, etag } = await readRule(azure, rule);
  if (!current) return begun(nothingToDo(subscriptionId, 'network'));
  if (!isSameRule(current, rule)) return { state: 'moved' };
  return begun(
    await beginOperation(subscriptionId, 'network', (options) =>
      network.securityRules.delete(resourceGroup, name, rule.name, {
        ...options,
        requestOptions: { headers: ifMatch(etag) },
      }),
    ),
  );
}

/** ARM's code, with which `toArmError` begins the message. */
const PRIORITY_TAKEN = /^SecurityRuleConflict: /;

function begun(operation: Operation): RuleAnswer {
  return { state: 'begun', operation };
}

function ifMatch(etag: string | undefined): Record<string, string> {
  return etag === undefined ? {} : { 'if-match': etag };
}

/** The rule as it stands, once no operation works on it. @throws MedicError `AzureConflict` until then. */
async function readRule(
  azure: Azure,
  { networkSecurityGroupId, name: ruleName }: SecurityRule,
): Promise<{ current: SecurityRule | undefined; etag: string | undefined }> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(networkSecurityGroupId);
  const { network } = await azure(subscriptionId);
  const read = await armIfExists(() => network.securityRules.get(resourceGroup, name, ruleName));
  requireSettled(read);
  return { current: read && fromArm(networkSecurityGroupId, read), etag: read?.etag };
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
