metadata description = 'Every app setting, in one place. What Flex Consumption forbids is not among them; test/infra holds both.'

@description('Endpoint of the blobs of the storage account of the host, and of its queues and tables.')
param storage { blob: string, queue: string, table: string }
@description('Client id of the identity of the app.')
param identityClientId string
@description('Connection string of Application Insights: an address, not a secret.')
param telemetryConnectionString string
@description('Name of the vault of the secrets.')
param vaultName string
@description('Where the durable engine keeps its state.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string
@description('Endpoint of the Durable Task Scheduler; empty with Azure Storage.')
param schedulerEndpoint string
@description('Name of the task hub.')
param hubName string
@description('The Entra ID tenant whose people sign in; empty: callers send function keys.')
param tenantId string
@description('Client id of the identity that vouches for the app registration; empty without sign-in.')
param signInClientId string
@description('True where a route leads from the app into the networks of the VMs.')
param privateRoute bool
@description('How the service behaves; what each of them means stands in main.bicep.')
param behaviour {
  @description('What this deployment calls itself in tags.')
  deployment: string
  killSwitch: 'on' | 'off'
  takeDown: 'deallocate' | 'powerOff'
  @minValue(1)
  @maxValue(60)
  probeSeconds: int
  fleetWatchMinutes: 0 | 5 | 10 | 15 | 20 | 30 | 60
  rescueVmSize: string
  evidence: string
}
@description('Names of the settings whose values are in the vault, under the same name with hyphens.')
param secrets secretSetting[]
@description('Settings of connectors and channels that are no secrets.')
param plain plainSettings

@export()
@description('Settings that may hold secrets, each a reference to the vault.')
type secretSetting =
  | 'RDP_MEDIC_APPROVER_SECRET'
  | 'RDP_MEDIC_SESSION_SECRET'
  | 'RDP_MEDIC_PEER_PASSWORD'
  | 'RDP_MEDIC_NOTIFY_TEAMS'
  | 'RDP_MEDIC_NOTIFY_SLACK'
  | 'RDP_MEDIC_NOTIFY_WEBHOOK'
  | 'RDP_MEDIC_NOTIFY_WEBHOOK_SECRET'
  | 'RDP_MEDIC_SECRET_GENERIC'
  | 'RDP_MEDIC_SECRET_GITHUB'
  | 'RDP_MEDIC_SECRET_JIRA'
  | 'RDP_MEDIC_SECRET_SERVICENOW'
  | 'RDP_MEDIC_SECRET_ZENDESK'
  | 'RDP_MEDIC_GITHUB_TOKEN'
  | 'RDP_MEDIC_JIRA_BASIC'
  | 'RDP_MEDIC_SERVICENOW_BASIC'
  | 'RDP_MEDIC_ZENDESK_BASIC'

@export()
@description('Settings of connectors and channels that are no secrets.')
@sealed()
type plainSettings = {
  RDP_MEDIC_PEER_USER: string?
  RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS: string?
  RDP_MEDIC_GITHUB_ACCOUNT: string?
  RDP_MEDIC_JIRA_ACCOUNT: string?
  RDP_MEDIC_SERVICENOW_ACCOUNT: string?
  RDP_MEDIC_SERVICENOW_HOST: string?
  RDP_MEDIC_ZENDESK_ACCOUNT: string?
  RDP_MEDIC_ZENDESK_HOST: string?
}

var host = {
  // All three: Durable Functions does not start without the tables.
  AzureWebJobsStorage__blobServiceUri: storage.blob
  AzureWebJobsStorage__queueServiceUri: storage.queue
  AzureWebJobsStorage__tableServiceUri: storage.table
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AZURE_CLIENT_ID: identityClientId
  AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
  APPLICATIONINSIGHTS_CONNECTION_STRING: telemetryConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
  AzureFunctionsJobHost__extensions__durableTask__hubName: hubName
}

var ours = {
  RDP_MEDIC_DEPLOYMENT: behaviour.deployment
  // The package always has one: the adopter's own, or one that allows diagnosis alone.
  RDP_MEDIC_POLICY: '/home/site/wwwroot/policy.json'
  RDP_MEDIC_KILL_SWITCH: behaviour.killSwitch
  RDP_MEDIC_TAKE_DOWN: behaviour.takeDown
  RDP_MEDIC_PROBE_SECONDS: string(behaviour.probeSeconds)
  RDP_MEDIC_FLEET_WATCH_MINUTES: string(behaviour.fleetWatchMinutes)
  RDP_MEDIC_PRIVATE_ROUTE: privateRoute ? 'yes' : 'no'
  RDP_MEDIC_EVIDENCE: behaviour.evidence
}

var rescueVmSize = empty(behaviour.rescueVmSize) ? {} : { RDP_MEDIC_RESCUE_VM_SIZE: behaviour.rescueVmSize }

var signIn = empty(tenantId)
  ? { RDP_MEDIC_AUTH: 'key' }
  : {
      RDP_MEDIC_AUTH: 'entra'
      RDP_MEDIC_TENANT: tenantId
      // The identity vouches for the app in place of a client secret.
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: signInClientId
    }

var scheduler = durableBackend == 'AzureStorage'
  ? {}
  : {
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};TaskHub=${hubName};Authentication=ManagedIdentity;ClientID=${identityClientId}'
    }

var references = toObject(
  secrets,
  name => name,
  name => '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${toLower(replace(name, '_', '-'))})'
)

output settings object = union(host, ours, rescueVmSize, signIn, scheduler, plain, references)
