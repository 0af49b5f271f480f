# rdp-medic-lib: facts/policies
# Which values Group Policy sets, by the resultant set of policy, and which computer policies apply. Filtered here:
# backslash is an escape in WQL.

function Read-PolicyFact {
    # Values of the query alone; of several objects the one that wins (precedence 1).
    $settings = @(Get-CimInstance -Namespace 'root\rsop\computer' -ClassName RSOP_RegistryPolicySetting -ErrorAction Stop)
    if ($settings.Count -eq 0) { return }
    $policies = @(Get-CimInstance -Namespace 'root\rsop\computer' -ClassName RSOP_GPO -ErrorAction Stop)
    foreach ($row in @($script:RegistryQuery)) {
        # Below HKLM; a policy speaks of whatever control set is the current one.
        $root = $(if ($row.hive -eq 'software') { 'SOFTWARE' } else { 'SYSTEM\CurrentControlSet' })
        foreach ($name in @($row.names)) {
            $setting = @($settings | Where-Object { $_.registryKey -like "*\$($row.path)" -and $_.valueName -eq $name } | Sort-Object -Property precedence)
            if ($setting.Count -eq 0) { continue }
            $policy = @($policies | Where-Object { $_.id -eq $setting[0].GPOID })
            $title = ''
            if ($policy.Count -gt 0) { $title = Limit-Text $policy[0].name }
            [ordered]@{ key = "$root\$($row.path)"; name = [string]$name; gpo = $title }
        }
    }
}

function Read-AppliedPolicyFact {
    Get-CimInstance -Namespace 'root\rsop\computer' -ClassName RSOP_GPO -ErrorAction Stop | ForEach-Object { Limit-Text $_.name }
}
