targetScope = 'subscription'
metadata description = 'RDP Medic, all of it: `azd up`, or `az deployment sub create --location <region> --parameters infra/main.bicepparam`.'

import { plainSettings, secretSetting } from './app/app-settings.bicep'

// What it is called, and where it stands

@description('Name of the environment; it tells one deployment from another.')
@minLength(1)
@maxLength(24)
param environmentName string

@description('Region of the app; the VMs may be in any other.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Resource group of the app. The service never repairs VMs in it unless it is named below.')
param resourceGroupName string = 'rg-rdp-medic-${environmentName}'

// Which VMs it may repair

@description('Ids (GUIDs) of subscriptions all of whose VMs may be repaired. None by default.')
param repairSubscriptions string[] = []

@description('Resource ids of resource groups whose VMs may be repaired, and of those of their networks and disks. None by default.')
param repairResourceGroups string[] = []

// Who may call it

@description('Client id of the app registration by which people and programs sign in. Empty: callers send function keys.')
param entraClientId string = ''

// How it behaves

@description('With `on`, no remediation starts, and running ones stop at their next safe point.')
@allowed(['on', 'off'])
param killSwitch string = 'off'

@description('How a VM is taken down for its offline repair: `powerOff` keeps its host, temporary disk and address, and is billed.')
@allowed(['deallocate', 'powerOff'])
param takeDown string = 'deallocate'

@description('How long RDP is waited for at one address, in seconds.')
@minValue(1)
@maxValue(60)
param probeSeconds int = 5

@description('Every how many minutes the service asks the RDP of the VMs that have opted in, and repairs what does not answer. 0: never.')
@allowed([0, 5, 10, 15, 20, 30, 60])
param fleetWatchMinutes int = 0

@description('Size of the rescue VM that is tried first. Empty: the smallest that the region offers and the quota allows.')
param rescueVmSize string = ''

@description('Where guest scripts leave their whole output: `storage` (that of the app), `none`, or the blob address of another account. Empty: `storage`, or `none` where that is private.')
param evidence string = ''

@description('Settings whose values are in the vault, under the same name in lower case with hyphens.')
param secrets secretSetting[] = []

@description('Settings of connectors and channels that are no secrets.')
param plain plainSettings = {}

// How it is run

@description('Version of Node.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMb int = 2048

@description('How many instances there may be at once.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('True: instances and records in several zones. Not every region has them.')
param zoneRedundant bool = false

@description('Where the durable engine keeps its state.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

// How it is closed off

@description('True: the app calls out from a network of its own with one fixed address, and asks VMs at their private addresses once that is peered with theirs.')
param privateRoute bool = false

@description('Address space of that network, /24 or larger.')
param addressSpace string = '10.213.0.0/24'

@description('True: storage and vault are reached from that network alone. The vault is then filled from inside it.')
param privateEndpoints bool = false

@description('False: no address of the app is reached from the Internet: neither alerts nor ticket systems, and for people by a private endpoint of their own.')
param publicApp bool = true

// What is kept

@description('True: a lock keeps the records from being deleted, by `azd down` too.')
param lockRecords bool = false

@description('Days for which a deleted record can be had back.')
@minValue(1)
@maxValue(365)
param restoreDays int = 14

@description('Days for which logs and telemetry are kept.')
@minValue(30)
@maxValue(730)
param retentionDays int = 90

@description('GB of telemetry a day after which no more is taken. -1: no limit.')
param dailyQuotaGb int = 1

// Who is notified

@description('Mail addresses that receive alerts on the service itself: a VM that is down because of it, a remediation that is stuck.')
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

@description('Where the app answers.')
output RDP_MEDIC_URL string = app.outputs.address
@description('Name of the app.')
output RDP_MEDIC_APP_NAME string = app.outputs.name
@description('Resource group of the app.')
output RDP_MEDIC_RESOURCE_GROUP string = group.name
@description('Name of the vault that secrets go to.')
output RDP_MEDIC_VAULT string = vault.outputs.name
@description('Name of the storage account of the records.')
output RDP_MEDIC_STORAGE string = storage.outputs.name
@description('Workspace that takes logs, telemetry, and the events of VMs.')
output RDP_MEDIC_WORKSPACE_ID string = monitoring.outputs.workspaceId
@description('Principal id of the identity of the app.')
output RDP_MEDIC_PRINCIPAL_ID string = identity.outputs.principalId
@description('Principal id of the identity that vouches for the app registration: the subject of its federated credential. Empty without sign-in.')
output RDP_MEDIC_SIGN_IN_PRINCIPAL_ID string = signInIdentity.?outputs.principalId ?? ''
@description('Resource id of the custom role.')
output RDP_MEDIC_ROLE_ID string = role.outputs.id
@description('The one address from which the app calls out; empty without a network of its own.')
output RDP_MEDIC_OUTBOUND_ADDRESS string = network.?outputs.outboundAddress ?? ''
@description('Resource id of the workbook.')
output RDP_MEDIC_WORKBOOK_ID string = service.outputs.workbookId
