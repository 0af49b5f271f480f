targetScope = 'subscription'
metadata description = 'Gives the identity the role on a whole subscription.'

@description('Principal id of the identity of the app.')
param principalId string
@description('Name (GUID) of the custom role.')
param roleName string

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, principalId, roleName)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleName)
    description: 'RDP Medic repairs the VMs of this subscription.'
  }
}
