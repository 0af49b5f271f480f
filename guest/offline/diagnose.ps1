<#
.SYNOPSIS
    Says everything that can be wrong with RDP in a Windows that is not running.
.DESCRIPTION
    Detects: every cause of this folder, by the same functions that the repairing scripts use.
    Changes: nothing on the disk. It comes online, letters given are taken back, hives are loaded and unloaded.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: findings with their cause, which is the name of the script to run; facts osName, osBuild, partitionStyle,
    controlSets, rdpPort.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File diagnose.ps1 -Lun 0
.NOTES
    Verify: there is nothing to verify.
    Undo: there is nothing to undo.
#>
# rdp-medic-script: offline/diagnose
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\keys.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-keys.ps1')

$find = {
    $windows = "$($Guest.Software)\Microsoft\Windows NT\CurrentVersion"
    Set-Fact -Name 'osName' -Value (Get-RegistryValue -Key $windows -Name 'ProductName')
    Set-Fact -Name 'osBuild' -Value (Get-GuestBuild -Guest $Guest)
    Set-Fact -Name 'partitionStyle' -Value $Guest.Style
    Set-Fact -Name 'controlSets' -Value (@($Guest.ControlSets | ForEach-Object { Get-ControlSetName -Key $_ }) -join ',')
    Set-Fact -Name 'rdpPort' -Value (Get-GuestRdpPort -ControlSet $Guest.ControlSets[0])

    Find-GuestDenyFault -Guest $Guest
    Find-GuestListenerFault -Guest $Guest
    Find-GuestServiceFault -Guest $Guest
    Find-GuestPortFault -Guest $Guest
    Find-GuestFirewallFault -Guest $Guest
    Find-GuestKeyFault -Guest $Guest
    Find-GuestCertificateFault -Guest $Guest
    Find-GuestTlsFault -Guest $Guest
    Find-GuestSecurityLayerFault -Guest $Guest
}

Invoke-OfflineRepair -Id 'offline/diagnose' -Lun $Lun -Hives 'SYSTEM', 'SOFTWARE' -FindFaults $find
