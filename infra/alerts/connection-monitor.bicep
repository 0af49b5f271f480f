metadata description = 'Connection Monitor on the RDP port. It sees a port that is closed; it does not see an "internal error", whose port is open.'

@description('Region: that of the Network Watcher and of the VM or network from which it is tried.')
param location string
@description('Workspace that takes the results.')
param workspaceId string
@description('The action group that calls the app.')
param actionGroupId string
@description('Resource id of the VM, with the Network Watcher extension, or subnet from which it is tried.')
param from string
@description('Resource ids of the VMs that are tried.')
param vmIds string[]
@description('Identity that may read results and tags.')
param readerId string
@description('The part of a query that names, as `optedIn`, the VMs that have opted in.')
param optedIn string

resource watcher 'Microsoft.Network/networkWatchers@2025-05-01' existing = {
  name: 'NetworkWatcher_${location}'
}

var source = { name: 'from', type: contains(toLower(from), '/subnets/') ? 'AzureSubnet' : 'AzureVM', resourceId: from }
var targets = [for id in vmIds: { name: last(split(id, '/')), type: 'AzureVM', resourceId: id }]

resource monitor 'Microsoft.Network/networkWatchers/connectionMonitors@2025-05-01' = {
  parent: watcher
  name: 'rdp-medic'
  location: location
  properties: {
    endpoints: concat([source], targets)
    testConfigurations: [
      {
        name: 'rdp'
        protocol: 'Tcp'
        testFrequencySec: 60
        tcpConfiguration: { port: 3389, disableTraceRoute: true }
        successThreshold: { checksFailedPercent: 50 }
      }
    ]
    testGroups: [
      {
        name: 'rdp'
        sources: ['from']
        destinations: map(targets, target => target.name)
        testConfigurations: ['rdp']
      }
    ]
    outputs: [{ type: 'Workspace', workspaceSettings: { workspaceResourceId: workspaceId } }]
  }
}

resource alert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'rdp-medic-port'
  location: location
  kind: 'LogAlert'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${readerId}': {} } }
  properties: {
    displayName: 'RDP Medic: port'
    description: 'The RDP port of a VM that has opted in could not be reached three times in a quarter of an hour.'
    enabled: true
    severity: 2
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: false
    muteActionsDuration: 'PT30M'
    criteria: {
      allOf: [
        {
          query: '${optedIn} NWConnectionMonitorTestResult | where ConnectionMonitorResourceId =~ "${monitor.id}" and TestResult == "Fail" | where tolower(DestinationResourceId) in (optedIn) | summarize failed = count() by DestinationResourceId | where failed >= 3'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          resourceIdColumn: 'DestinationResourceId'
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [actionGroupId], customProperties: { source: 'rdp-medic', rule: 'port' } }
  }
}
