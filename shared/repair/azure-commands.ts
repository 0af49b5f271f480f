import type { Commands } from '../model/commands.ts';
import type { RemediationRecord } from '../model/record.ts';
import type { SecurityRule } from '../model/security-rule.ts';
import { powershellText as ps, quotable, shellWord as sh } from './quote.ts';

/**
 * What people type to Azure, in the two ways that Microsoft documents: az (learn.microsoft.com/cli/azure/vm, …/network/nsg/rule) and
 * the Az module ("Change the OS disk used by an Azure VM using PowerShell"). Each block is whole: it begins with the subscription. No
 * block at all where a name could not be quoted.
 */
type Vm = Pick<RemediationRecord['vm'], 'subscriptionId' | 'resourceGroup' | 'name'>;

/** Starts the VM. */
export function startVm(vm: Vm): Commands[] {
  const { name, resourceGroup } = vm;
  return blocks(
    vm.subscriptionId,
    [name, resourceGroup],
    [`az vm start ${azVm(vm)}`],
    [`Start-AzVM ${psVm(vm)}`],
  );
}

/** Puts another OS disk under the VM, and starts it. */
export function swapOsDisk(vm: Vm, diskId: string): Commands[] {
  const disk = partsOf(diskId);
  if (!disk) return [];
  const group = ps(vm.resourceGroup);
  return blocks(
    vm.subscriptionId,
    [vm.name, vm.resourceGroup, diskId],
    [
      `az vm deallocate ${azVm(vm)}`,
      `az vm update ${azVm(vm)} --os-disk ${sh(isSame(disk.resourceGroup, vm.resourceGroup) ? disk.name : diskId)}`,
      `az vm start ${azVm(vm)}`,
    ],
    [
      `Stop-AzVM ${psVm(vm)} -Force`,
      `$vm = Get-AzVM ${psVm(vm)}`,
      `$disk = Get-AzDisk -ResourceGroupName ${ps(disk.resourceGroup)} -DiskName ${ps(disk.name)}`,
      '$null = Set-AzVMOSDisk -VM $vm -ManagedDiskId $disk.Id -Name $disk.Name',
      `Update-AzVM -ResourceGroupName ${group} -VM $vm`,
      `Start-AzVM ${psVm(vm)}`,
    ],
  );
}

/** Deletes a rule of a network security group. */
export function deleteRule(ruleId: string): Commands[] {
  const rule = ruleOf(ruleId);
  if (!rule) return [];
  return blocks(
    rule.subscriptionId,
    [ruleId],
    [`az network nsg rule delete ${azRule(rule)}`],
    [
      readGroup(rule),
      `$null = Remove-AzNetworkSecurityRuleConfig -NetworkSecurityGroup $nsg -Name ${ps(rule.name)}`,
      WRITE_GROUP,
    ],
  );
}

/** Gives a rule other sources and destinations. */
export function putPrefixes(
  ruleId: string,
  { sources, destinations }: Pick<SecurityRule, 'sources' | 'destinations'>,
): Commands[] {
  const rule = ruleOf(ruleId);
  if (!rule) return [];
  return blocks(
    rule.subscriptionId,
    [ruleId, ...sources, ...destinations],
    [
      `az network nsg rule update ${azRule(rule)} ${azPrefixes('source', sources)} ${azPrefixes('destination', destinations)}`,
    ],
    [
      readGroup(rule),
      `$rule = Get-AzNetworkSecurityRuleConfig -NetworkSecurityGroup $nsg -Name ${ps(rule.name)}`,
      `$rule.SourceAddressPrefix = [string[]]@(${sources.map(ps).join(', ')})`,
      `$rule.DestinationAddressPrefix = [string[]]@(${destinations.map(ps).join(', ')})`,
      WRITE_GROUP,
    ],
  );
}

/** Lists what bears the tag of a remediation. */
export function listMade(subscriptionId: string, remediationId: string): Commands[] {
  return blocks(
    subscriptionId,
    [remediationId],
    [`az resource list --tag rdp-medic-remediation=${remediationId} --output table`],
    [`Get-AzResource -TagName 'rdp-medic-remediation' -TagValue ${ps(remediationId)} | Format-Table`],
  );
}

/** The two blocks, each from the subscription on. */
export function blocks(
  subscriptionId: string,
  named: readonly string[],
  az: readonly string[],
  powershell: readonly string[],
): Commands[] {
  if (!quotable(subscriptionId, ...named)) return [];
  return [
    { tool: 'az', lines: [`az account set --subscription ${sh(subscriptionId)}`, ...az] },
    {
      tool: 'az-powershell',
      lines: [`Set-AzContext -Subscription ${ps(subscriptionId)}`, ...powershell],
    },
  ];
}

interface Parts {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}
type Rule = Parts & { readonly group: string };

/** Of a resource's id; `undefined` for what is none. */
function partsOf(id: string): Parts | undefined {
  const [, subscriptionId, resourceGroup, name] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/[^/]+\/[^/]+\/([^/]+)$/i.exec(id) ?? [];
  return subscriptionId && resourceGroup && name ? { subscriptionId, resourceGroup, name } : undefined;
}

function ruleOf(id: string): Rule | undefined {
  const [, groupId = '', name] = /^(.+)\/securityRules\/([^/]+)$/i.exec(id) ?? [];
  const group = partsOf(groupId);
  return group && name ? { ...group, group: group.name, name } : undefined;
}

function azVm({ resourceGroup, name }: Vm): string {
  return `--resource-group ${sh(resourceGroup)} --name ${sh(name)}`;
}

function psVm({ resourceGroup, name }: Vm): string {
  return `-ResourceGroupName ${ps(resourceGroup)} -Name ${ps(name)}`;
}

function azRule({ resourceGroup, group, name }: Rule): string {
  return `--resource-group ${sh(resourceGroup)} --nsg-name ${sh(group)} --name ${sh(name)}`;
}

function azPrefixes(side: 'source' | 'destination', list: readonly string[]): string {
  return `--${side}-address-prefixes ${list.map(sh).join(' ')}`;
}

function readGroup({ resourceGroup, group }: Rule): string {
  return `$nsg = Get-AzNetworkSecurityGroup -ResourceGroupName ${ps(resourceGroup)} -Name ${ps(group)}`;
}
const WRITE_GROUP = '$null = Set-AzNetworkSecurityGroup -NetworkSecurityGroup $nsg';

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
