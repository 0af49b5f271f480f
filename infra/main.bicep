targetScope = 'subscription'
metadata description = 'RDP Medic, complete: `azd up`, or `az deployment sub create --location <region> --parameters infra/main.bicepparam`.'

import { plainSettings, secretSetting } from './app/app-settings.bicep'

// Name and location

@description('Name of the environment, to distinguish deployments.')
@minLength(1)
@maxLength(24)
param environmentName string

@description('Region of the app. The VMs can be in any region.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Resource group of the app. VMs in it are only repaired if it is listed below.')
param resourceGroupName string = 'rg-rdp-medic-${environmentName}'

// Which VMs it may repair

@description('Ids (GUIDs) of subscriptions in which all VMs may be repaired. None by default.')
param repairSubscriptions string[] = []

@description('Resource ids of the resource groups whose VMs may be repaired, and of the groups of their networks and disks. None by default.')
param repairResourceGroups string[] = []

// Access to the service

@description('Client id of the app registration with which people and programs sign in. Empty: callers use function keys.')
param entraClientId string = ''

// Behavior

@description('`on`: no remediation starts, and running ones stop at their next safe point.')
@allowed(['on', 'off'])
param killSwitch string = 'off'

@description('How a VM is stopped for its offline repair. `powerOff` keeps its host, temporary disk and dynamic address, and is still billed.')
@allowed(['deallocate', 'powerOff'])
param takeDown string = 'deallocate'

@description('How long to wait for RDP at one address, in seconds.')
@minValue(1)
@maxValue(60)
param probeSeconds int = 5

@description('Fleet watch: how often, in minutes, RDP of VMs that have opted in is checked, and a repair requested if the response is faulty. 0: never.')
@allowed([0, 5, 10, 15, 20, 30, 60])
param fleetWatchMinutes int = 0

@description('Rescue VM size to try first. Empty: the smallest that the region offers and the quota allows.')
param rescueVmSize string = ''

@description('Where guest scripts write their full output: `storage` (that of the app), `none`, or the blob endpoint of another account. Empty: `storage`, or `none` with `privateEndpoints`.')
param evidence string = ''

@description('Names of secret settings whose values are in the vault, under the same name in lower case with hyphens.')
param secrets secretSetting[] = []

@description('Settings of ticket systems and notifications that are not secret.')
param plain plainSettings = {}

// Hosting

@description('Node.js version.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMb int = 2048

@description('Maximum number of instances.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('True: instances and records in several zones, where the region has zones.')
param zoneRedundant bool = false

@description('Where Durable Functions stores its state.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

// Network

@description('True: the app calls from its own virtual network, with one fixed public address, and checks VMs at private addresses in networks peered with it.')
param privateRoute bool = false

@description('Address space of that virtual network, /24 or larger.')
param addressSpace string = '10.213.0.0/24'

@description('True: storage and vault can only be reached from that virtual network. Fill the vault from inside it.')
param privateEndpoints bool = false

@description('False: the app cannot be reached from the Internet, so not by alerts or hosted ticket systems; people need a private endpoint, which you create.')
param publicApp bool = true

// Retention

@description('True: a lock protects the records from deletion, also by `azd down`.')
param lockRecords bool = false

@description('Days for which a deleted record can be restored.')
@minValue(1)
@maxValue(365)
param restoreDays int = 14

@description('Days for which logs and telemetry are kept.')
@minValue(30)
@maxValue(730)
param retentionDays int = 90

@description('Daily limit of telemetry in GB. -1: no limit.')
param dailyQuotaGb int = 1

// Notifications

@description('Mail addresses for alerts on the service itself: for example a VM that it stopped and could not start again, or a stuck remediation.')
param operatorMails string[] = []

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName, application: 'rdp-medic' }
var hubName = 'RdpMedic'
var packageContainer = 'package'
var signsIn = !empty(entraClientId)

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  scope: group
  params: { name: 'id-rdp-medic-${token}', location: location, tags: tags }
}

// App Service wants one for itself to vouch with; it has no right to anything.
module signInIdentity 'app/identity.bicep' = if (signsIn) {
  scope: group
  params: { name: 'id-rdp-medic-sign-in-${token}', location: location, tags: tags }
}

module monitoring 'app/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-rdp-medic-${token}'
    componentName: 'appi-rdp-medic-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    retentionDays: retentionDays
    dailyQuotaGb: dailyQuotaGb
  }
}

module storage 'app/storage.bicep' = {
  scope: group
  params: {
    name: 'strdpmedic${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    packageContainer: packageContainer
    publicAccess: !privateEndpoints
    deleteLock: lockRecords
    restoreDays: restoreDays
    sku: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'app/key-vault.bicep' = {
  scope: group
  params: {
    name: 'kv-medic-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    publicAccess: !privateEndpoints
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'app/network.bicep' = if (privateRoute || privateEndpoints) {
  scope: group
  params: { name: 'vnet-rdp-medic-${token}', location: location, tags: tags, addressSpace: addressSpace }
}

module endpoints 'app/private-endpoints.bicep' = if (privateEndpoints) {
  scope: group
  params: {
    location: location
    tags: tags
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointSubnetId
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
  }
}

module scheduler 'app/durable-task.bicep' = if (durableBackend == 'DurableTaskScheduler') {
  scope: group
  params: {
    name: 'dts-rdp-medic-${token}'
    location: location
    tags: tags
    hubName: hubName
    principalId: identity.outputs.principalId
  }
}

module settings 'app/app-settings.bicep' = {
  scope: group
  params: {
    storage: {
      blob: storage.outputs.blobEndpoint
      queue: storage.outputs.queueEndpoint
      table: storage.outputs.tableEndpoint
    }
    identityClientId: identity.outputs.clientId
    telemetryConnectionString: monitoring.outputs.connectionString
    vaultName: vault.outputs.name
    durableBackend: durableBackend
    schedulerEndpoint: scheduler.?outputs.endpoint ?? ''
    hubName: hubName
    tenantId: signsIn ? tenant().tenantId : ''
    signInClientId: signInIdentity.?outputs.clientId ?? ''
    privateRoute: privateRoute
    behaviour: {
      deployment: token
      killSwitch: killSwitch
      takeDown: takeDown
      probeSeconds: probeSeconds
      fleetWatchMinutes: fleetWatchMinutes
      rescueVmSize: rescueVmSize
      evidence: empty(evidence) ? (privateEndpoints ? 'none' : 'storage') : evidence
    }
    secrets: secrets
    plain: plain
  }
}

module app 'app/function-app.bicep' = {
  scope: group
  // The host reads storage, vault and scheduler as soon as it has its settings.
  dependsOn: [endpoints]
  params: {
    name: 'func-rdp-medic-${token}'
    planName: 'plan-rdp-medic-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    signInIdentityId: signInIdentity.?outputs.id ?? ''
    packageContainerUrl: '${storage.outputs.blobEndpoint}${packageContainer}'
    settings: settings.outputs.settings
    nodeVersion: nodeVersion
    instanceMemoryMb: instanceMemoryMb
    maximumInstances: maximumInstances
    zoneRedundant: zoneRedundant
    subnetId: network.?outputs.appSubnetId ?? ''
    publicAccess: publicApp
    entraClientId: entraClientId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module role 'access/role.bicep' = {
  params: {
    environmentName: environmentName
    subscriptionIds: union(repairSubscriptions, map(repairResourceGroups, id => split(id, '/')[2]))
  }
}

module inSubscriptions 'access/in-subscription.bicep' = [
  for id in repairSubscriptions: {
    scope: subscription(id)
    params: { principalId: identity.outputs.principalId, roleName: role.outputs.name }
  }
]

module inResourceGroups 'access/in-resource-group.bicep' = [
  for id in repairResourceGroups: {
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: { principalId: identity.outputs.principalId, roleName: role.outputs.name }
  }
]

module service 'service/service.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    componentId: monitoring.outputs.componentId
    operatorMails: operatorMails
  }
}

@description('Address of the app.')
output RDP_MEDIC_URL string = app.outputs.address
@description('Name of the app.')
output RDP_MEDIC_APP_NAME string = app.outputs.name
@description('Resource group of the app.')
output RDP_MEDIC_RESOURCE_GROUP string = group.name
@description('Name of the vault for secrets.')
output RDP_MEDIC_VAULT string = vault.outputs.name
@description('Name of the storage account of the records.')
output RDP_MEDIC_STORAGE string = storage.outputs.name
@description('Resource id of the workspace for logs, telemetry and VM events.')
output RDP_MEDIC_WORKSPACE_ID string = monitoring.outputs.workspaceId
@description('Principal id of the identity of the app.')
output RDP_MEDIC_PRINCIPAL_ID string = identity.outputs.principalId
@description('Principal id of the identity that vouches for the app registration: the subject of its federated credential. Empty without `entraClientId`.')
output RDP_MEDIC_SIGN_IN_PRINCIPAL_ID string = signInIdentity.?outputs.principalId ?? ''
@description('Resource id of the custom role.')
output RDP_MEDIC_ROLE_ID string = role.outputs.id
@description('Public address from which the app calls. Empty without its own virtual network.')
output RDP_MEDIC_OUTBOUND_ADDRESS string = network.?outputs.outboundAddress ?? ''
@description('Resource id of the workbook.')
output RDP_MEDIC_WORKBOOK_ID string = service.outputs.workbookId
