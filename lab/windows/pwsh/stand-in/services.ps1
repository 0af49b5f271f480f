function Get-Service {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [string[]] $Name)
    Send-Command 'Get-Service' $PSBoundParameters $ErrorActionPreference
}

function Stop-Service {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [string[]] $Name, [switch] $Force, [switch] $NoWait)
    Send-Command 'Stop-Service' $PSBoundParameters $ErrorActionPreference
}

function Set-Service {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [string] $Name, [string] $StartupType)
    Send-Command 'Set-Service' $PSBoundParameters $ErrorActionPreference
}

function sc.exe { Send-Program 'sc.exe' $args }
