targetScope = 'subscription'
metadata description = 'Azure Policy that has the events of each opted-in Windows VM collected: of those there are by a remediation task, of new ones by itself.'

@description('Name of the environment of the app.')
param environmentName string
@description('Region of the identity of the assignment.')
param location string
@description('The data collection rule.')
param collectionRuleId string
@description('The tag by which VMs have opted in.')
param optInTag { name: string, value: string }

// Monitoring Contributor: writes the association. Log Analytics Contributor is not needed, since the rule names the workspace.
var monitoringContributor = '749f88d5-cbae-40b8-bcfc-e573ddc772fa'

resource definition 'Microsoft.Authorization/policyDefinitions@2025-01-01' = {
  name: 'rdp-medic-collect-events-${environmentName}'
  properties: {
    displayName: 'RDP Medic: collect the RDP events of opted-in Windows VMs (${environmentName})'
    description: 'Associates the data collection rule of RDP Medic with Windows VMs that carry its tag. The Azure Monitor Agent is left to whatever installs it.'
    policyType: 'Custom'
    mode: 'Indexed'
    metadata: { category: 'Monitoring', version: '1.0.0' }
    parameters: {
      collectionRuleId: { type: 'String', metadata: { displayName: 'Data collection rule' } }
      tagName: { type: 'String', metadata: { displayName: 'Name of the tag' } }
      tagValue: { type: 'String', metadata: { displayName: 'Value of the tag' } }
    }
    policyRule: {
      if: {
        allOf: [
          { field: 'type', equals: 'Microsoft.Compute/virtualMachines' }
          { field: 'Microsoft.Compute/virtualMachines/storageProfile.osDisk.osType', like: 'Windows*' }
          { field: '[concat(\'tags[\', parameters(\'tagName\'), \']\')]', equals: '[parameters(\'tagValue\')]' }
        ]
      }
      then: {
        effect: 'deployIfNotExists'
        details: {
          type: 'Microsoft.Insights/dataCollectionRuleAssociations'
          name: 'rdp-medic'
          roleDefinitionIds: ['/providers/Microsoft.Authorization/roleDefinitions/${monitoringContributor}']
          existenceCondition: {
            field: 'Microsoft.Insights/dataCollectionRuleAssociations/dataCollectionRuleId'
            equals: '[parameters(\'collectionRuleId\')]'
          }
          deployment: {
            properties: {
              mode: 'incremental'
              parameters: {
                vmName: { value: '[field(\'name\')]' }
                collectionRuleId: { value: '[parameters(\'collectionRuleId\')]' }
              }
              template: {
                '$schema': 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'
                contentVersion: '1.0.0.0'
                parameters: { vmName: { type: 'string' }, collectionRuleId: { type: 'string' } }
                resources: [
                  {
                    type: 'Microsoft.Insights/dataCollectionRuleAssociations'
                    apiVersion: '2023-03-11'
                    name: 'rdp-medic'
                    scope: '[concat(\'Microsoft.Compute/virtualMachines/\', parameters(\'vmName\'))]'
                    properties: { dataCollectionRuleId: '[parameters(\'collectionRuleId\')]' }
                  }
                ]
              }
            }
          }
        }
      }
    }
  }
}

resource assignment 'Microsoft.Authorization/policyAssignments@2025-01-01' = {
  name: 'rdp-medic-${environmentName}'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    displayName: 'RDP Medic: collect the RDP events of opted-in Windows VMs (${environmentName})'
    policyDefinitionId: definition.id
    enforcementMode: 'Default'
    parameters: {
      collectionRuleId: { value: collectionRuleId }
      tagName: { value: optInTag.name }
      tagValue: { value: optInTag.value }
    }
  }
}

resource mayAssociate 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, assignment.id, monitoringContributor)
  properties: {
    principalId: assignment.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringContributor)
    description: 'RDP Medic (${environmentName}): Azure Policy associates VMs with the data collection rule.'
  }
}
