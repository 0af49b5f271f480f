metadata description = 'The Functions app on Flex Consumption, with sign-in before it.'

@description('Name of the app: the first part of its address.')
param name string
@description('Name of its plan; Flex Consumption takes one app a plan.')
param planName string
@description('Region.')
param location string
@description('Tags.')
param tags object
@description('Resource id of the identity of the app.')
param identityId string
@description('Resource id of the identity that vouches for the app registration; empty without sign-in.')
param signInIdentityId string
@description('Where the package lies: the address of the container.')
param packageContainerUrl string
@description('App settings.')
param settings object
@description('Version of Node.')
@allowed(['22', '24'])
param nodeVersion string
@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMb int
@description('How many instances there may be at once.')
@minValue(40)
@maxValue(1000)
param maximumInstances int
@description('True: instances in several zones, of those that are always ready two.')
param zoneRedundant bool
@description('Subnet from which the app calls out; empty: from addresses of Azure.')
param subnetId string
@description('False: reached by private endpoint alone, and so by no alert.')
param publicAccess bool
@description('Client id of the app registration whose users sign in; empty: callers send function keys.')
param entraClientId string
@description('Workspace that takes the log of the platform.')
param workspaceId string

var signsIn = !empty(entraClientId)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // By this tag `azd deploy` finds it.
  tags: union(tags, { 'azd-service-name': 'medic' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: union({ '${identityId}': {} }, signsIn ? { '${signInIdentityId}': {} } : {}) }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    clientCertEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: { minTlsVersion: '1.2', http20Enabled: true }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMb
        maximumInstanceCount: maximumInstances
        // A VM that is down must not wait for an instance: orchestrations have one at any time.
        alwaysReady: [{ name: 'durable', instanceCount: zoneRedundant ? 2 : 1 }]
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: settings
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource signIn 'config' = if (signsIn) {
    name: 'authsettingsV2'
    dependsOn: [appSettings]
    properties: {
      platform: { enabled: true, runtimeVersion: '~1' }
      globalValidation: {
        // The page signs people in, ticket systems prove themselves by their connectors' secrets, and every other address asks the app for a
        // role. App Service has checked the token by then, and takes away what a caller sends under the name of its header.
        requireAuthentication: false
        unauthenticatedClientAction: 'AllowAnonymous'
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entraClientId
            // Not a secret: the name of the setting with the identity that vouches for the app.
            #disable-next-line use-secure-value-for-secure-inputs
            clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: { allowedAudiences: [entraClientId, 'api://${entraClientId}'] }
        }
      }
      login: { tokenStore: { enabled: false } }
      httpSettings: { requireHttps: true }
    }
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: union(
      [{ category: 'FunctionAppLogs', enabled: true }],
      signsIn ? [{ category: 'AppServiceAuthenticationLogs', enabled: true }] : []
    )
  }
}

output name string = app.name
output address string = 'https://${app.properties.defaultHostName}'
