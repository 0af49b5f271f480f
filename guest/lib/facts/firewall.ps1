# rdp-medic-lib: facts/firewall
# Firewall rules as the registry has them, by their names, which no language changes: RDP's own, and every active one
# that blocks something coming in.

function Read-FirewallFact {
    param([Parameter(Mandatory)] $Windows)
    $local = "$(Get-SetKey -Windows $Windows -Set $Windows.Sets[0])\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules"
    $all = @(Read-FirewallKey -Key $local -Source 'local') + @(Read-FirewallKey -Key "$($Windows.Software)\Policies\Microsoft\WindowsFirewall\FirewallRules" -Source 'policy')
    $all | Where-Object { $script:OwnRules -contains $_.name }
    $all | Where-Object { $script:OwnRules -notcontains $_.name -and (Test-Blocking -Rule $_.rule) }
}

function Read-FirewallKey {
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Source)
    $rules = Read-RegistryKey -Path $Key
    if ($null -eq $rules) { return }
    foreach ($rule in @($rules.Values)) {
        if ($rule.Kind -ne 'String' -or $rule.Name.Length -gt 256) { continue }
        [ordered]@{ name = [string]$rule.Name; source = $Source; rule = Limit-Text $rule.Data 4096 }
    }
}

function Test-Blocking {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Rule)
    return $Rule -match '\|Action=Block\|' -and $Rule -match '\|Active=TRUE\|' -and $Rule -match '\|Dir=In\|'
}
