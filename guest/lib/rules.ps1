# rdp-medic-lib: rules
# Rules of Windows Firewall by name, as the registry has them: v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|...
# A running Windows is told by its own commands, for it does not look at the registry again; on a disk the text is edited.

$script:FirewallRules = 'Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules'
# UDP first: the TCP rule is what makes a fault.
$script:RdpRules = @('RemoteDesktop-UserMode-In-UDP', 'RemoteDesktop-UserMode-In-TCP')
# Tokens that a field stands in, and the one it is written as.
$script:RuleTokens = @{
    active = '^Active='; off = '^Active='; action = '^Action='; port = '^LPort(2_10)?='; profile = '^Profile='; address = '^RA[46]2?='
}
$script:RuleNames = @{ active = 'Active'; off = 'Active'; action = 'Action'; port = 'LPort'; profile = ''; address = '' }

function Get-RuleText {
    # $null where there is no rule of that name.
    param([Parameter(Mandatory)] [string] $Set, [Parameter(Mandatory)] [string] $Name)
    $value = Get-Value -Path "$(Get-HiveKey -Set $Set)\$script:FirewallRules" -Name $Name
    if ($null -eq $value -or $value.Kind -ne 'String') { return $null }
    return [string]$value.Data
}

function Get-RuleField {
    # What a field says, without the token's name; none, or several.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Rule, [Parameter(Mandatory)] [string] $Field)
    $Rule -split '\|' | Where-Object { $_ -match $script:RuleTokens[$Field] } | ForEach-Object { $_.Substring($_.IndexOf('=') + 1) }
}

function Test-RuleField {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Rule, [Parameter(Mandatory)] [string] $Field, [Parameter(Mandatory)] [long] $Port)
    $values = @(Get-RuleField -Rule $Rule -Field $Field)
    switch ($Field) {
        'active' { return ($values -join ',') -ceq 'TRUE' }
        'off' { return ($values -join ',') -ceq 'FALSE' }
        'action' { return ($values -join ',') -ceq 'Allow' }
        'port' { return $values.Count -eq 0 -or @($values | Where-Object { Test-PortRange -Range $_ -Port $Port }).Count -gt 0 }
    }
    return $values.Count -eq 0
}

function Test-PortRange {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Range, [Parameter(Mandatory)] [long] $Port)
    if ($Range -notmatch '^(\d{1,5})(?:-(\d{1,5}))?$') { return $false }
    $first = [long]$Matches[1]
    $last = $(if ($Matches.ContainsKey(2)) { [long]$Matches[2] } else { $first })
    return $Port -ge $first -and $Port -le $last
}

function Set-RuleField {
    # To what lets RDP in (or, off, to what no longer blocks): '' means any.
    param([Parameter(Mandatory)] [string] $Set, [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Field, [Parameter(Mandatory)] [long] $Port)
    $rule = [string](Get-RuleText -Set $Set -Name $Name)
    $before = @(Get-RuleField -Rule $rule -Field $Field) -join ','
    $after = @{ active = 'TRUE'; off = 'FALSE'; action = 'Allow'; port = [string]$Port; profile = ''; address = '' }[$Field]
    if (-not (Test-Online)) {
        $data = New-RegistryData -Kind 'String' -Data (Edit-Rule -Rule $rule -Field $Field -Value $after)
        Set-JournaledValue -Key "$(Get-HiveKey -Set $Set)\$script:FirewallRules" -Name $Name -After $data
        return
    }
    Add-Entry -Lines 'what=firewall', "target=$Name", "field=$Field", "before=$before", "after=$after"
    Set-RuleByCommand -Name $Name -Field $Field -Value $after
    Add-Written -What "firewall-$Field" -Target $Name -Before $before -After $after
}

function Set-RuleByCommand {
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Field, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Value)
    # The command takes a pattern for a name.
    if ($Name -match '[*?\[\]]') { throw 'NameAmbiguous: the name of the rule is a pattern' }
    $list = $(if ($Value -eq '') { @('Any') } else { @($Value -split ',') })
    switch ($Field) {
        { $_ -in 'active', 'off' } { Set-NetFirewallRule -Name $Name -Enabled $(if ($Value -eq 'TRUE') { 'True' } else { 'False' }) -ErrorAction Stop }
        'action' { Set-NetFirewallRule -Name $Name -Action $(if ($Value -eq 'Block') { 'Block' } else { 'Allow' }) -ErrorAction Stop }
        'port' { Set-NetFirewallRule -Name $Name -LocalPort $list -ErrorAction Stop }
        'profile' { Set-NetFirewallRule -Name $Name -Profile $list -ErrorAction Stop }
        'address' { Set-NetFirewallRule -Name $Name -RemoteAddress $list -ErrorAction Stop }
    }
}

function Edit-Rule {
    # One token in the place of all of that field; '' takes them away. Fields stand between the version and the empty end.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Rule, [Parameter(Mandatory)] [string] $Field, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Value)
    $written = $script:RuleNames[$Field] + '=' + $Value
    $isDone = $Value -eq ''
    $tokens = @(foreach ($token in ($Rule -split '\|')) {
            if ($token -notmatch $script:RuleTokens[$Field]) { $token }
            elseif (-not $isDone) { $written; $isDone = $true }
        })
    if (-not $isDone) { $tokens = @($tokens | Select-Object -First ($tokens.Count - 1)) + $written + $tokens[-1] }
    return $tokens -join '|'
}

function Sync-RdpRule {
    # Lets both rules of RDP pass its port, where they are and do not.
    param([Parameter(Mandatory)] [string] $Set, [Parameter(Mandatory)] [long] $Port)
    foreach ($name in $script:RdpRules) {
        $rule = Get-RuleText -Set $Set -Name $name
        if ($null -ne $rule -and -not (Test-RuleField -Rule $rule -Field 'port' -Port $Port)) { Set-RuleField -Set $Set -Name $name -Field 'port' -Port $Port }
    }
}
