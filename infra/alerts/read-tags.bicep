targetScope = 'subscription'
metadata description = 'Lets the rules read the tags of VMs.'

@description('Name of the environment of the app.')
param environmentName string
@description('Principal id of the identity of the rules.')
param principalId string

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, principalId, 'reader')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    // Reader
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
    description: 'RDP Medic (${environmentName}): alert rules read which VMs have opted in.'
  }
}
