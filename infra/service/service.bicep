metadata description = 'Alerts on the service itself, and a workbook that shows how it does.'

@description('Region.')
param location string
@description('Tags.')
param tags object
@description('Application Insights component that takes the telemetry of the app.')
param componentId string
@description('Mail addresses that receive alerts.')
param operatorMails string[]

// Metrics: docs/metrics.md. What each alert means and what to do then: docs/operate/alerts-on-the-service.md.
var rules = [
  {
    name: 'vm-down'
    severity: 0
    minutes: 5
    description: 'A VM is down because the service took it down and could not bring it up yet.'
    query: 'customMetrics | where name == "rdp_medic.vms.down" | summarize down = max(valueMax) by bin(timestamp, 5m) | where down > 0'
  }
  {
    name: 'remediation-stuck'
    severity: 1
    minutes: 15
    description: 'A remediation has gone on for more than four hours and waits for nobody.'
    query: 'customMetrics | where name == "rdp_medic.remediations.stuck" | summarize stuck = max(valueMax) by bin(timestamp, 5m) | where stuck > 0'
  }
  {
    name: 'poison'
    severity: 2
    minutes: 15
    description: 'The host gave up on a message: a request or a piece of news was not taken.'
    query: 'customMetrics | where name == "rdp_medic.messages.aside" and tostring(customDimensions.queue) endswith "-poison" and valueSum > 0'
  }
  {
    name: 'failures'
    severity: 2
    minutes: 60
    description: 'More than a third of the remediations of an hour, and at least three, ended failed or without a repair.'
    query: 'customMetrics | where name == "rdp_medic.remediations.ended" | summarize bad = sumif(valueSum, tostring(customDimensions.outcome) in ("failed", "not-fixed")), total = sum(valueSum) | where bad >= 3 and bad * 3 > total'
  }
  {
    name: 'leftovers'
    severity: 3
    minutes: 1440
    description: 'Resources of remediations stay although they should be gone: the janitor cannot delete them.'
    query: 'customMetrics | where name == "rdp_medic.leftovers" | summarize left = min(valueMin), times = count() | where left > 0 and times >= 12'
  }
  {
    name: 'silent'
    severity: 1
    minutes: 30
    description: 'The watchdog has not gone round for half an hour: the app does not run, or its telemetry does not arrive.'
    query: 'customMetrics | where name == "rdp_medic.remediations.running" | summarize times = count() | where times == 0'
  }
]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'rdp-medic-operators'
  location: 'Global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'medic-ops'
    emailReceivers: [
      for mail in operatorMails: { name: mail, emailAddress: mail, useCommonAlertSchema: true }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'rdp-medic-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'RDP Medic: ${rule.name}'
      description: rule.description
      enabled: true
      severity: rule.severity
      scopes: [componentId]
      evaluationFrequency: rule.minutes > 60 ? 'PT1H' : 'PT${string(min(rule.minutes, 15))}M'
      windowSize: rule.minutes == 1440 ? 'P1D' : 'PT${string(rule.minutes)}M'
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [operators.id] }
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(componentId, 'rdp-medic-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'RDP Medic'
    category: 'workbook'
    sourceId: componentId
    serializedData: loadTextContent('workbook.json')
  }
}

output workbookId string = workbook.id
