<#
.SYNOPSIS
    Lets the Remote Desktop services on an attached disk start at the next boot.
.DESCRIPTION
    Detects: TermService disabled or under another account; SessionEnv disabled (no certificate would be made); as a
    warning, UmRdpService disabled.
    Changes: start types to manual, the default of all three; the account of TermService to Network Service, its type
    to 16 (a process of its own).
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: nothing but the result line.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File term-service.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: offline/term-service
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')

$find = { Find-GuestServiceFault -Guest $Guest }
$repair = {
    foreach ($set in $Guest.ControlSets) {
        $key = "$set\Services\TermService"
        $account = Get-RegistryValue -Key $key -Name 'ObjectName'
        # The account last: cut short before it, a rerun still finds it.
        if ($null -ne $account -and $account -notmatch '^NT AUTHORITY\\Network ?Service$') {
            Set-RegistryValue -Key $key -Name 'Type' -Value 16
            Set-RegistryValue -Key $key -Name 'ObjectName' -Value 'NT AUTHORITY\NetworkService' -Type String
        }
        foreach ($service in 'UmRdpService', 'SessionEnv', 'TermService') {
            $start = Get-RegistryValue -Key "$set\Services\$service" -Name 'Start'
            if ($start -eq 4) { Set-RegistryValue -Key "$set\Services\$service" -Name 'Start' -Value 3 }
        }
    }
}

Invoke-OfflineRepair -Id 'offline/term-service' -Lun $Lun -Hives 'SYSTEM' -FindFaults $find -RepairFaults $repair
