targetScope = 'subscription'
metadata description = 'The custom role: what the service may do to VMs. Its actions are those of role-definition.json, which the simulated Azure enforces in the tests.'

@description('Name of the environment: a custom role has a name of its own in the whole tenant.')
param environmentName string
@description('Subscriptions in which it can be assigned, as their ids (GUIDs).')
param subscriptionIds string[]

var definition = loadJsonContent('../role-definition.json')

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, 'rdp-medic', environmentName)
  properties: {
    roleName: '${definition.Name} (${environmentName})'
    description: definition.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: definition.Actions
        notActions: definition.NotActions
        dataActions: definition.DataActions
        notDataActions: definition.NotDataActions
      }
    ]
    assignableScopes: map(union([subscription().subscriptionId], subscriptionIds), id => '/subscriptions/${id}')
  }
}

output id string = role.id
output name string = role.name
