# rdp-medic-lib: verbs/set-firewall-rule
# Set-FirewallRule: makes RDP's own rule let RDP in, or switches a Block rule off. stands, set, missing, refused.

# What makes a fault comes last: cut short before it, a rerun comes here again.
$script:FieldOrder = @('off', 'address', 'profile', 'port', 'action', 'active')

function Invoke-SetFirewallRule {
    param([Parameter(Mandatory)] $Change)
    $isOwn = $Change.rule -is [string]
    $name = $(if ($isOwn) { $Change.rule } else { Find-RuleByHash -Set $Change.set -Hash $Change.rule.blocks })
    if ([string]$name -eq '') { return 'missing' }
    if ($null -eq (Get-RuleText -Set $Change.set -Name $name)) {
        if (-not $isOwn -or $Change.fields -notcontains 'make') { return 'missing' }
        New-RdpRule -Set $Change.set -Name $name -Port $Change.port
        return 'set'
    }
    $wrong = @($script:FieldOrder | Where-Object { $Change.fields -contains $_ -and -not (Test-RuleField -Rule (Get-RuleText -Set $Change.set -Name $name) -Field $_ -Port $Change.port) })
    foreach ($field in $wrong) { Set-RuleField -Set $Change.set -Name $name -Field $field -Port $Change.port }
    $now = [string](Get-RuleText -Set $Change.set -Name $name)
    if (@($wrong | Where-Object { -not (Test-RuleField -Rule $now -Field $_ -Port $Change.port) }).Count -gt 0) { return 'refused' }
    return $(if ($wrong.Count -gt 0) { 'set' } else { 'stands' })
}

function Find-RuleByHash {
    # Names of rules that a guest chose never travel back into it: they come as hashes.
    param([Parameter(Mandatory)] [string] $Set, [Parameter(Mandatory)] [string] $Hash)
    $rules = Read-RegistryKey -Path "$(Get-HiveKey -Set $Set)\$script:FirewallRules"
    if ($null -eq $rules) { return '' }
    foreach ($rule in @($rules.Values)) {
        if ((Get-TextHash -Text (Get-UpperInvariant -Text $rule.Name) -Wide) -ceq $Hash) { return [string]$rule.Name }
    }
    return ''
}

function New-RdpRule {
    param([Parameter(Mandatory)] [string] $Set, [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [long] $Port)
    $isTcp = $Name -like '*-TCP'
    if (-not (Test-Online)) {
        $text = 'v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol={0}|LPort={1}|App=%SystemRoot%\system32\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|EmbedCtxt=@FirewallAPI.dll,-28752|' -f $(if ($isTcp) { 6 } else { 17 }), $Port
        Set-JournaledValue -Key "$(Get-HiveKey -Set $Set)\$script:FirewallRules" -Name $Name -After (New-RegistryData -Kind 'String' -Data $text)
        return
    }
    Add-Entry -Lines 'what=firewall-made', "target=$Name"
    $null = New-NetFirewallRule -Name $Name -DisplayName $Name -Group '@FirewallAPI.dll,-28752' -Direction Inbound -Action Allow -Protocol $(if ($isTcp) { 'TCP' } else { 'UDP' }) -LocalPort $Port -Program '%SystemRoot%\system32\svchost.exe' -Service 'termservice' -ErrorAction Stop
    Add-Written -What 'firewall-make' -Target $Name -Before $null -After $Port
}
