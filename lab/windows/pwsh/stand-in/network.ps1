function Get-NetTCPConnection {
    [CmdletBinding()] param([string] $State, [int] $LocalPort)
    $found = @(Send-Command 'Get-NetTCPConnection' $PSBoundParameters $ErrorActionPreference)
    # The cmdlet makes an error of finding nothing.
    if ($found.Count -eq 0 -and $ErrorActionPreference -ne 'SilentlyContinue') { throw "no connection on port $LocalPort" }
    $found
}

function Get-NetFirewallRule {
    [CmdletBinding()] param([Parameter(Mandatory)] [string] $Name)
    Send-Command 'Get-NetFirewallRule' $PSBoundParameters $ErrorActionPreference
}

function Get-NetFirewallPortFilter {
    [CmdletBinding()] param([Parameter(Mandatory)] [object] $AssociatedNetFirewallRule)
    Send-Command 'Get-NetFirewallPortFilter' @{ Name = $AssociatedNetFirewallRule.Name } $ErrorActionPreference
}

function Set-NetFirewallRule {
    [CmdletBinding()] param(
        [Parameter(Mandatory)] [string] $Name,
        [ValidateSet('True', 'False')] [string] $Enabled,
        [ValidateSet('Allow', 'Block')] [string] $Action,
        [string] $LocalPort
    )
    Send-Command 'Set-NetFirewallRule' $PSBoundParameters $ErrorActionPreference
}

function New-NetFirewallRule {
    [CmdletBinding()] param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [string] $DisplayName,
        [string] $Group, [string] $Direction, [string] $Action, [string] $Protocol, [string] $LocalPort,
        [string] $Program, [string] $Service
    )
    Send-Command 'New-NetFirewallRule' $PSBoundParameters $ErrorActionPreference
}

function Invoke-WebRequest {
    [CmdletBinding()] param([string] $Uri, [hashtable] $Headers, [switch] $UseBasicParsing, [int] $TimeoutSec)
    if ($Uri -notlike 'http://169.254.169.254/*' -or $Headers['Metadata'] -ne 'true') { throw "no answer from $Uri" }
    $answer = Send-Command 'Invoke-WebRequest' @{} $ErrorActionPreference
    return [pscustomobject]@{ StatusCode = 200; Headers = @{ Date = $answer.Headers.Date } }
}

function netsh.exe { Send-Program 'netsh.exe' $args }
