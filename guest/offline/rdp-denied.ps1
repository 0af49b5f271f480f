<#
.SYNOPSIS
    Lets the Windows on an attached disk accept Remote Desktop connections again.
.DESCRIPTION
    Detects: fDenyTSConnections 1 or TSEnabled 0 in the control sets in use; a policy that says the same; as warnings,
    drain mode and logons switched off, which are an administrator's decision and stay.
    Changes: fDenyTSConnections to 0, TSEnabled to 1. A policy is not touched: it would be back at its next refresh.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: nothing but the result line.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File rdp-denied.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: offline/rdp-denied
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')

$find = { Find-GuestDenyFault -Guest $Guest }
$repair = {
    foreach ($set in $Guest.ControlSets) {
        $key = "$set\Control\Terminal Server"
        Set-RegistryValue -Key $key -Name 'fDenyTSConnections' -Value 0
        # Absent means enabled: only a value that refuses is changed.
        if ((Get-RegistryValue -Key $key -Name 'TSEnabled') -eq 0) { Set-RegistryValue -Key $key -Name 'TSEnabled' -Value 1 }
    }
}

Invoke-OfflineRepair -Id 'offline/rdp-denied' -Lun $Lun -Hives 'SYSTEM', 'SOFTWARE' -FindFaults $find -RepairFaults $repair
