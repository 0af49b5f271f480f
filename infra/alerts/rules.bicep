metadata description = 'Log alerts over the Windows events of VMs that have opted in: one alert a VM. What each sees and misses: docs/alerts.md.'

@description('Name of the environment of the app.')
param environmentName string
@description('Region.')
param location string
@description('Workspace that the events go to.')
param workspaceId string
@description('Subscription whose VMs are looked at.')
param subscriptionId string
@description('The action group that calls the app.')
param actionGroupId string
@description('The tag by which VMs have opted in.')
param optInTag { name: string, value: string }

// Windows writes descriptions in its own language. In the data of an event, the side of TLS is `server` or `client` in each, and the Service Control
// Manager adds the name of the service as UTF-16 in hexadecimal: TermService, SessionEnv, UmRdpService.
var serviceNames = 'EventData matches regex "(?i)5400650072006D005300650072007600690063006500|530065007300730069006F006E0045006E007600|55006D005200640070005300650072007600690063006500"'

var rules = [
  {
    name: 'schannel-server'
    description: 'TLS cannot read the private key, or make the credential, that it answers with (Schannel 36870, 36871).'
    events: 'EventLog == "System" and Source == "Schannel" and EventID in (36870, 36871) and (EventData has "server" or ParameterXml has "server" or RenderedDescription has "server")'
    threshold: 0
  }
  {
    name: 'rdp-certificate'
    description: 'RDP could not make, renew or use its certificate (TerminalServices-RemoteConnectionManager 1051, 1053, 1057, 1058).'
    events: 'Source endswith "TerminalServices-RemoteConnectionManager" and EventID in (1051, 1053, 1057, 1058)'
    threshold: 0
  }
  {
    name: 'rdp-service'
    description: 'A service that RDP needs ended unexpectedly, twice in a quarter of an hour (Service Control Manager 7031, 7034).'
    events: 'EventLog == "System" and Source == "Service Control Manager" and EventID in (7031, 7034) and (${serviceNames} or RenderedDescription has_any ("Remote Desktop Services", "Remote Desktop Configuration", "Remote Desktop Services UserMode Port Redirector"))'
    threshold: 1
  }
]

// The tag is read where it is now, in Azure Resource Graph: events do not carry it.
var optedIn = 'let optedIn = arg("").Resources | where type =~ "microsoft.compute/virtualmachines" and subscriptionId == "${subscriptionId}" and tostring(tags["${optInTag.name}"]) =~ "${optInTag.value}" | project vm = tolower(id);'

resource reader 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-rdp-medic-alerts-${uniqueString(subscriptionId)}'
  location: location
}

// Reads events in the workspace; that it may read the tags of VMs is in read-tags.bicep.
resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, reader.id, 'reader')
  properties: {
    principalId: reader.properties.principalId
    principalType: 'ServicePrincipal'
    // Reader
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
  }
}

module mayReadTags 'read-tags.bicep' = {
  scope: subscription(subscriptionId)
  params: { environmentName: environmentName, principalId: reader.properties.principalId }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'rdp-medic-${rule.name}-${uniqueString(subscriptionId)}'
    location: location
    kind: 'LogAlert'
    identity: { type: 'UserAssigned', userAssignedIdentities: { '${reader.id}': {} } }
    dependsOn: [mayRead, mayReadTags]
    properties: {
      displayName: 'RDP Medic: ${rule.name}'
      description: rule.description
      enabled: true
      severity: 2
      scopes: [workspaceId]
      targetResourceTypes: ['Microsoft.Compute/virtualMachines']
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      // Stateless: the service joins what goes on already, and rests after an attempt.
      autoMitigate: false
      muteActionsDuration: 'PT15M'
      criteria: {
        allOf: [
          {
            query: '${optedIn} Event | where ${rule.events} | where tolower(_ResourceId) in (optedIn)'
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: rule.threshold
            resourceIdColumn: '_ResourceId'
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId], customProperties: { source: 'rdp-medic', rule: rule.name } }
    }
  }
]

output readerId string = reader.id
output optedIn string = optedIn
