metadata description = 'Private endpoints of storage and vault, with the zones in which the app finds them.'

@description('Region.')
param location string
@description('Tags.')
param tags object
@description('The network in which the app finds them.')
param networkId string
@description('The subnet in which they stand: not that of the app.')
param subnetId string
@description('The storage account.')
param storageId string
@description('The vault.')
param vaultId string

// No `file`: Flex Consumption has no content share.
var targets = [
  { group: 'blob', id: storageId, zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { group: 'queue', id: storageId, zone: 'privatelink.queue.${environment().suffixes.storage}' }
  { group: 'table', id: storageId, zone: 'privatelink.table.${environment().suffixes.storage}' }
  { group: 'vault', id: vaultId, zone: 'privatelink.vaultcore.azure.net' }
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for target in targets: {
    name: target.zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (target, at) in targets: {
    parent: zones[at]
    name: 'app'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for target in targets: {
    name: '${last(split(target.id, '/'))}-${target.group}'
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      privateLinkServiceConnections: [
        { name: target.group, properties: { privateLinkServiceId: target.id, groupIds: [target.group] } }
      ]
    }
  }
]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (target, at) in targets: {
    parent: endpoints[at]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: target.group, properties: { privateDnsZoneId: zones[at].id } }]
    }
  }
]
