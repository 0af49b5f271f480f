/** A command, and what it must show: the one line on its output, or the code of Azure's refusal, with what shows that Azure refuses. */
export interface Row {
  /** Without `az` and without the group, which every row is given. */
  command: string;
  /** JMESPath, as `--query` takes it. */
  query?: string;
  /** JSON of what is shown; nothing where the command shows nothing. */
  shows?: string;
  refused?: { code: string; as: string };
}

const row = (command: string, query?: string, shows?: string): Row => ({
  command,
  ...(query !== undefined && { query }),
  ...(shows !== undefined && { shows }),
});
const refused = (command: string, code: string, as: string): Row => ({ command, refused: { code, as } });

const TLS_DISK = 'tls-osdisk';

/** In this order: what one leaves, the next finds. */
export const ROWS: readonly Row[] = [
  row('account list --all', '[].state', '["Enabled"]'),
  row('group show -n rg-fleet', 'properties.provisioningState', '"Succeeded"'),
  row('group exists -n rg-none', undefined, 'false'),
  row('resource list', "[?name=='tls'].type", '["Microsoft.Compute/virtualMachines"]'),

  row('vm list', "[?name=='tls'].zones", '[["3"]]'),
  row('vm list -d', "[?name=='stopped'].powerState", '["VM deallocated"]'),
  row('vm show -n tls', 'securityProfile.securityType', '"TrustedLaunch"'),
  row('vm show -d -n tls', 'powerState', '"VM running"'),
  row('vm get-instance-view -n tls', 'instanceView.vmAgent.statuses[0].displayStatus', '"Ready"'),
  refused(
    'vm show -n nobody',
    'ResourceNotFound',
    'learn.microsoft.com, "Resolve errors for resource not found"',
  ),
  row('vm nic list --vm-name tls', 'length(@)', '1'),
  row('vm extension list --vm-name tls', 'length(@)', '0'),
  row('vm list-skus -l westeurope -s Standard_D2s_v5', '[0].resourceType', '"virtualMachines"'),
  row('vm list-usage -l westeurope', '[0].name.value', '"cores"'),
  row(
    'vm image list -l westeurope -p MicrosoftWindowsServer -f WindowsServer -s 2025-datacenter-smalldisk-g2 --all',
    '[0].urn',
    '"MicrosoftWindowsServer:WindowsServer:2025-datacenter-smalldisk-g2:26100.2033.241004"',
  ),
  row('vm deallocate -n tls'),
  row('vm get-instance-view -n tls', 'instanceView.statuses[1].code', '"PowerState/deallocated"'),
  row('vm start -n tls'),
  row('vm stop -n rdp-denied'),
  row('vm restart -n healthy'),
  row('vm reapply -n healthy'),
  row('vm update -n healthy --set tags.owner=ops', 'tags.owner', '"ops"'),
  row('vm resize -n healthy --size Standard_D2s_v3', 'hardwareProfile.vmSize', '"Standard_D2s_v3"'),
  refused('vm deallocate -n locked', 'ScopeLocked', 'learn.microsoft.com, "Lock your Azure resources"'),

  row('disk list', `[?name=='${TLS_DISK}'].diskState`, '["Attached"]'),
  row(
    `disk show -n ${TLS_DISK}`,
    '[hyperVGeneration, securityProfile.securityType]',
    '["V2","TrustedLaunch"]',
  ),
  row(
    `snapshot create -n before --source ${TLS_DISK} --incremental true --hyper-v-generation V2`,
    'provisioningState',
    '"Succeeded"',
  ),
  row('snapshot list', '[].[name, incremental]', '[["before",true]]'),
  row('snapshot update -n before --set tags.keep=yes', 'tags.keep', '"yes"'),
  row('snapshot show -n before', 'securityProfile.securityType', '"TrustedLaunch"'),
  refused(
    'disk create -n copy --source before --zone 3 --hyper-v-generation V2 --security-type TrustedLaunch',
    'BadRequest',
    '[azure-cli#22561](https://github.com/Azure/azure-cli/issues/22561)',
  ),
  row('disk create -n first --source before --zone 3', 'hyperVGeneration', '"V1"'),
  refused(
    'vm update -n tls --os-disk first',
    'PropertyChangeNotAllowed',
    '[SupportArticles-docs#214](https://github.com/MicrosoftDocs/SupportArticles-docs/issues/214)',
  ),
  row(
    'disk create -n copy --source before --zone 3 --hyper-v-generation V2',
    'securityProfile.securityType',
    '"TrustedLaunch"',
  ),
  row('vm update -n tls --os-disk copy', 'storageProfile.osDisk.name', '"copy"'),
  row(`disk show -n ${TLS_DISK}`, 'diskState', '"Unattached"'),
  row('disk show -n copy', 'diskState', '"Attached"'),
  refused(
    'disk delete -y -n copy',
    'OperationNotAllowed',
    '[ansible#54644](https://github.com/ansible/ansible/pull/54644)',
  ),
  row('disk delete -y -n first'),
  row('disk create -n data --size-gb 8 --zone 3', 'diskSizeGb', '8'),
  row('disk update -n data --size-gb 16', 'diskSizeGb', '16'),
  row('vm disk attach --vm-name tls --name data'),
  row('vm show -n tls', 'storageProfile.dataDisks[].[lun, name]', '[[0,"data"]]'),
  row('vm disk detach --vm-name tls --name data'),
  row('disk delete -y -n data'),
  row('snapshot delete -n before'),

  row('vm run-command list -l westeurope', "[?osType=='Windows'].id", '["RunPowerShellScript"]'),
  row(
    'vm run-command invoke -n tls --command-id RunPowerShellScript --scripts hostname',
    'value[0].code',
    '"ComponentStatus/StdOut/succeeded"',
  ),
  refused(
    'vm run-command invoke -n stopped --command-id RunPowerShellScript --scripts hostname',
    'OperationNotAllowed',
    '[azure-docs#32404](https://github.com/MicrosoftDocs/azure-docs/issues/32404)',
  ),
  row(
    'vm run-command create --vm-name tls --name look --script hostname',
    'provisioningState',
    '"Succeeded"',
  ),
  row('vm run-command show --vm-name tls --name look', 'source.script', '"hostname"'),
  row(
    'vm run-command show --vm-name tls --name look --instance-view',
    'instanceView.endTime != null',
    'true',
  ),
  row('vm run-command update --vm-name tls --name look --script whoami', 'source.script', '"whoami"'),
  row('vm run-command list --vm-name tls', '[].name', '["look"]'),
  row('vm run-command delete -y --vm-name tls --name look'),

  row('network nsg list', "[?name=='tls-nsg'] | length(@)", '1'),
  row('network nsg show -n tls-nsg', 'securityRules[].name', '["allow-rdp-admins"]'),
  row('network nsg rule list --nsg-name tls-nsg --include-default', 'length(@)', '7'),
  row(
    'network nsg rule create --nsg-name tls-nsg -n shut --priority 200 --access Deny --protocol Tcp --destination-port-ranges 3389',
    'access',
    '"Deny"',
  ),
  refused(
    'network nsg rule create --nsg-name tls-nsg -n other --priority 200 --access Allow --protocol Tcp --destination-port-ranges 3389',
    'SecurityRuleConflict',
    '[terraform-provider-azurerm#11137](https://github.com/hashicorp/terraform-provider-azurerm/issues/11137)',
  ),
  row('network nsg rule update --nsg-name tls-nsg -n shut --priority 210', 'priority', '210'),
  row('network nsg rule delete --nsg-name tls-nsg -n shut'),
  row('network nsg create -n spare', 'NewNSG.provisioningState', '"Succeeded"'),
  row('network nsg delete -n spare'),
  row('network public-ip show -n tls-ip', 'publicIPAllocationMethod', '"Static"'),
  row('network vnet subnet list --vnet-name vnet-fleet', '[].name', '["default"]'),

  row('lock list', '[].[name, level]', '[["keep","ReadOnly"]]'),
  row('lock create -n hold --lock-type CanNotDelete', 'level', '"CanNotDelete"'),
  refused('vm delete -y -n healthy', 'ScopeLocked', 'learn.microsoft.com, "Lock your Azure resources"'),
  row('lock delete -n hold'),
  row('vm delete -y -n healthy'),
];
