// Read from the environment: what `azd env set NAME VALUE` has set, or the shell.
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'medic')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param repairSubscriptions = filter(
  split(replace(readEnvironmentVariable('RDP_MEDIC_REPAIR_SUBSCRIPTIONS', ''), ' ', ''), ','),
  id => !empty(id)
)
param repairResourceGroups = filter(
  split(readEnvironmentVariable('RDP_MEDIC_REPAIR_RESOURCE_GROUPS', ''), ','),
  id => !empty(id)
)
param entraClientId = readEnvironmentVariable('RDP_MEDIC_ENTRA_CLIENT_ID', '')
param killSwitch = any(readEnvironmentVariable('RDP_MEDIC_KILL_SWITCH', 'off'))
param fleetWatchMinutes = any(int(readEnvironmentVariable('RDP_MEDIC_FLEET_WATCH_MINUTES', '0')))
param operatorMails = filter(
  split(replace(readEnvironmentVariable('RDP_MEDIC_OPERATOR_MAILS', ''), ' ', ''), ','),
  mail => !empty(mail)
)
param secrets = any(filter(
  split(replace(readEnvironmentVariable('RDP_MEDIC_SECRETS', ''), ' ', ''), ','),
  name => !empty(name)
))
