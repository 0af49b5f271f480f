<#
.SYNOPSIS
    Puts the RDP listener back.
.DESCRIPTION
    Detects: the settings of the listener RDP-Tcp gone; the listener switched off (fEnableWinStation 0) or refusing
    logons (fLogonDisabled 1); as warnings, a listener of another product or bound to one network adapter.
    Changes: missing settings are written as a fresh Windows has them, with the recommended security (TLS, NLA,
    high encryption); the two switches; restarts TermService, which ends open sessions.
    Needs: SYSTEM or an administrator.
    Gives back: nothing but the result line.
.EXAMPLE
    powershell.exe -File rdp-listener.ps1
.NOTES
    Verify: Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp'
    Undo: write back the values that the result line names as "before", restart TermService.
#>
# rdp-medic-script: online/rdp-listener
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\online.ps1')
. (Join-Path $PSScriptRoot '..\lib\listener.ps1')

$repair = {
    if ((Get-RegistryValue -Key $script:RdpTcp -Name 'fEnableWinStation') -ne 1) { Repair-ListenerSetting -Key $script:RdpTcp }
    if ((Get-RegistryValue -Key $script:RdpTcp -Name 'fLogonDisabled') -eq 1) {
        Set-RegistryValue -Key $script:RdpTcp -Name 'fLogonDisabled' -Value 0
    }
    Set-RegistryValue -Key $script:RdpTcp -Name 'fEnableWinStation' -Value 1
    Restart-RdpService
}

Invoke-RdpMedicScript -Id 'online/rdp-listener' -Detect { Find-ListenerFault } -Repair $repair
