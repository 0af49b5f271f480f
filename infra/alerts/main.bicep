targetScope = 'subscription'
metadata description = 'Alerts that trigger the service, for the VMs of one subscription: deployed once for each, after the app.'

@description('Name of the environment of the app.')
param environmentName string
@description('Region of the rules: that of the workspace.')
param location string
@description('Resource group of the app, in which rules and action group stand.')
param resourceGroupName string
@description('Subscription of the app.')
param appSubscriptionId string = subscription().subscriptionId
@description('Address of the app.')
param appUrl string
@description('Client id of the app registration of the app.')
param entraClientId string
@description('Object id of that app registration. Whoever deploys this is one of its owners.')
param entraObjectId string
@description('Workspace that the events of VMs go to.')
param workspaceId string
@description('The tag by which VMs have opted in, as the policy of the app has it.')
param optInTag { name: string, value: string } = { name: 'rdp-medic', value: 'enabled' }
@description('True: Azure Policy has the events of opted-in VMs that have the Azure Monitor Agent collected.')
param collectEvents bool = true
@description('Resource id of a VM or subnet from which Connection Monitor tries the RDP port; empty: it does not.')
param monitorFrom string = ''
@description('Resource ids of the VMs whose RDP port is tried from there.')
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

@description('Resource id of the action group; other rules of yours may call it too.')
output actionGroupId string = actionGroup.outputs.id
