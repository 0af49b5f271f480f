<#
.SYNOPSIS
    Puts the RDP listener of the Windows on an attached disk back.
.DESCRIPTION
    Detects: the settings of the listener RDP-Tcp gone; the listener switched off (fEnableWinStation 0) or refusing logons
    (fLogonDisabled 1); as a warning, a listener bound to one network adapter.
    Changes: missing settings are written as a fresh Windows has them, with the recommended security (TLS, NLA, high
    encryption); the two switches.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: nothing but the result line.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File rdp-listener.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: offline/rdp-listener
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\listener.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')

$find = { Find-GuestListenerFault -Guest $Guest }
$repair = {
    foreach ($set in $Guest.ControlSets) {
        $key = Get-ListenerKey -ControlSet $set
        if ((Get-RegistryValue -Key $key -Name 'fEnableWinStation') -ne 1) { Repair-ListenerSetting -Key $key }
        if ((Get-RegistryValue -Key $key -Name 'fLogonDisabled') -eq 1) { Set-RegistryValue -Key $key -Name 'fLogonDisabled' -Value 0 }
        Set-RegistryValue -Key $key -Name 'fEnableWinStation' -Value 1
    }
}

Invoke-OfflineRepair -Id 'offline/rdp-listener' -Lun $Lun -Hives 'SYSTEM' -FindFaults $find -RepairFaults $repair
