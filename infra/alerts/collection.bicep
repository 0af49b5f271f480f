metadata description = 'Which Windows events are collected: those that the rules read, and no more.'

@description('Region: that of the workspace.')
param location string
@description('Workspace that they go to.')
param workspaceId string

resource rule 'Microsoft.Insights/dataCollectionRules@2024-03-11' = {
  name: 'dcr-rdp-medic'
  location: location
  kind: 'Windows'
  properties: {
    description: 'Events that go with an RDP that answers "An internal error has occurred".'
    dataSources: {
      windowsEventLogs: [
        {
          name: 'rdp'
          streams: ['Microsoft-Event']
          xPathQueries: [
            'System!*[System[Provider[@Name=\'Schannel\'] and (EventID=36870 or EventID=36871)]]'
            'System!*[System[Provider[@Name=\'Service Control Manager\'] and (EventID=7031 or EventID=7034)]]'
            'System!*[System[Provider[@Name=\'Microsoft-Windows-TerminalServices-RemoteConnectionManager\'] and (EventID=1051 or EventID=1053 or EventID=1057 or EventID=1058)]]'
            'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational!*[System[(EventID=1051 or EventID=1053 or EventID=1057 or EventID=1058)]]'
          ]
        }
      ]
    }
    destinations: { logAnalytics: [{ name: 'workspace', workspaceResourceId: workspaceId }] }
    dataFlows: [{ streams: ['Microsoft-Event'], destinations: ['workspace'] }]
  }
}

output ruleId string = rule.id
