function Get-Service {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [string[]] $Name)
    Send-Command 'Get-Service' $PSBoundParameters $ErrorActionPreference
}

function Start-Service {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [string[]] $Name)
    Send-Command 'Start-Service' $PSBoundParameters $ErrorActionPreference
}

function Stop-Service {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [string[]] $Name, [switch] $Force, [switch] $NoWait)
    Send-Command 'Stop-Service' $PSBoundParameters $ErrorActionPreference
}

function Restart-Service {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [string[]] $Name, [switch] $Force)
    Send-Command 'Restart-Service' $PSBoundParameters $ErrorActionPreference
}

function Set-Service {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [string] $Name, [string] $StartupType)
    Send-Command 'Set-Service' $PSBoundParameters $ErrorActionPreference
}

function Get-Process {
    [CmdletBinding()] param([Parameter(Mandatory)] [int] $Id)
    Send-Command 'Get-Process' $PSBoundParameters $ErrorActionPreference
}

function Stop-Process {
    [CmdletBinding()] param([Parameter(Mandatory)] [int] $Id, [switch] $Force)
    Send-Command 'Stop-Process' $PSBoundParameters $ErrorActionPreference
}

function taskkill.exe { Send-Program 'taskkill.exe' $args }
function sc.exe { Send-Program 'sc.exe' $args }
