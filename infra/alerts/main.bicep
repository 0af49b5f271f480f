targetScope = 'subscription'
metadata description = 'Alerts that trigger the service, for the VMs of one subscription: deployed once for each, after the app.'

@description('Name of the environment of the app.')
param environmentName string
@description('Region of the rules: the region of the workspace.')
param location string
@description('Resource group of the app, in which the rules and the action group are created.')
param resourceGroupName string
@description('Subscription of the app.')
param appSubscriptionId string = subscription().subscriptionId
@description('Address of the app.')
param appUrl string
@description('Client id of the app registration of the app.')
param entraClientId string
@description('Object id of that app registration. Whoever deploys this must be one of its owners.')
param entraObjectId string
@description('Resource id of the workspace for VM events.')
param workspaceId string
@description('The opt-in tag of VMs, as in the policy of the app.')
param optInTag { name: string, value: string } = { name: 'rdp-medic', value: 'enabled' }
@description('True: Azure Policy collects the events of opted-in VMs that have the Azure Monitor Agent.')
param collectEvents bool = true
@description('Resource id of a VM or subnet from which Connection Monitor checks the RDP port. Empty: no Connection Monitor.')
param monitorFrom string = ''
@description('Resource ids of the VMs whose RDP port is checked from there.')
param monitoredVms string[] = []

module actionGroup 'action-group.bicep' = {
  scope: resourceGroup(appSubscriptionId, resourceGroupName)
  params: { appUrl: appUrl, entraClientId: entraClientId, entraObjectId: entraObjectId }
}

module rules 'rules.bicep' = {
  scope: resourceGroup(appSubscriptionId, resourceGroupName)
  params: {
    environmentName: environmentName
    location: location
    workspaceId: workspaceId
    subscriptionId: subscription().subscriptionId
    actionGroupId: actionGroup.outputs.id
    optInTag: optInTag
  }
}

module collection 'collection.bicep' = if (collectEvents) {
  scope: resourceGroup(appSubscriptionId, resourceGroupName)
  params: { location: location, workspaceId: workspaceId }
}

module association 'association.bicep' = if (collectEvents) {
  params: {
    environmentName: environmentName
    location: location
    collectionRuleId: collection!.outputs.ruleId
    optInTag: optInTag
  }
}

module connection 'connection-monitor.bicep' = if (!empty(monitorFrom)) {
  scope: resourceGroup('NetworkWatcherRG')
  params: {
    location: location
    workspaceId: workspaceId
    actionGroupId: actionGroup.outputs.id
    from: monitorFrom
    vmIds: monitoredVms
    readerId: rules.outputs.readerId
    optedIn: rules.outputs.optedIn
  }
}

@description('Resource id of the action group. You can attach it to your own rules.')
output actionGroupId string = actionGroup.outputs.id
