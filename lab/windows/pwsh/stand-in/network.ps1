# Commands of CDXML modules: see Send-CdxmlCommand.

function Get-NetTCPConnection {
    [CmdletBinding()] param([string] $State, [uint16] $LocalPort)
    $found = @(Send-CdxmlCommand 'Get-NetTCPConnection' $PSBoundParameters $ErrorActionPreference)
    # The command makes an error of finding nothing.
    if ($found.Count -eq 0) { Write-Error "No matching MSFT_NetTCPConnection objects found for port $LocalPort." -ErrorAction $ErrorActionPreference }
    $found
}

function Set-NetFirewallRule {
    [CmdletBinding()] param(
        [Parameter(Mandatory)] [string] $Name,
        [ValidateSet('True', 'False')] [string] $Enabled,
        [ValidateSet('Allow', 'Block')] [string] $Action,
        [string[]] $LocalPort,
        [string[]] $Profile,
        [string[]] $RemoteAddress
    )
    Send-CdxmlCommand 'Set-NetFirewallRule' $PSBoundParameters $ErrorActionPreference
}

function New-NetFirewallRule {
    [CmdletBinding()] param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [string] $DisplayName,
        [string] $Group, [string] $Direction, [string] $Action, [string] $Protocol, [string] $LocalPort,
        [string] $Program, [string] $Service
    )
    Send-CdxmlCommand 'New-NetFirewallRule' $PSBoundParameters $ErrorActionPreference
}

function Remove-NetFirewallRule {
    [CmdletBinding()] param([Parameter(Mandatory)] [string] $Name)
    Send-CdxmlCommand 'Remove-NetFirewallRule' $PSBoundParameters $ErrorActionPreference
}

function Invoke-WebRequest {
    [CmdletBinding()] param([string] $Uri, [hashtable] $Headers, [switch] $UseBasicParsing, [int] $TimeoutSec)
    if ($Uri -notlike 'http://169.254.169.254/*' -or $Headers['Metadata'] -ne 'true') { throw "no answer from $Uri" }
    $answer = Send-Command 'Invoke-WebRequest' @{} $ErrorActionPreference
    return [pscustomobject]@{ StatusCode = 200; Headers = @{ Date = $answer.Headers.Date } }
}

function netsh.exe { Send-Program 'netsh.exe' $args }
