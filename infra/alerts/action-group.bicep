metadata description = 'The action group that calls the app, as itself: a token of Entra ID, and no key in an address.'

@description('Address of the app.')
param appUrl string
@description('Client id of its app registration.')
param entraClientId string
@description('Object id of its app registration.')
param entraObjectId string

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'rdp-medic'
  location: 'Global'
  properties: {
    enabled: true
    groupShortName: 'rdp-medic'
    webhookReceivers: [
      {
        name: 'rdp-medic'
        serviceUri: '${appUrl}/api/alerts'
        useCommonAlertSchema: true
        useAadAuth: true
        objectId: entraObjectId
        identifierUri: 'api://${entraClientId}'
        tenantId: tenant().tenantId
      }
    ]
  }
}

output id string = group.id
