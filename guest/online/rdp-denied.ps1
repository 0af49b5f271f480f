<#
.SYNOPSIS
    Lets Windows accept Remote Desktop connections again.
.DESCRIPTION
    Detects: fDenyTSConnections 1 or TSEnabled 0; a policy that says the same; as warnings, drain mode and logons
    switched off, which are an administrator's decision and stay.
    Changes: fDenyTSConnections to 0, TSEnabled to 1. A policy is not touched: it would be back at its next
    refresh, and must be changed where it is made.
    Needs: SYSTEM or an administrator.
    Gives back: nothing but the result line.
.EXAMPLE
    powershell.exe -File rdp-denied.ps1
.NOTES
    Verify: Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server' -Name fDenyTSConnections
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: online/rdp-denied
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\online.ps1')

$repair = {
    Set-RegistryValue -Key $script:TerminalServer -Name 'fDenyTSConnections' -Value 0
    # Absent means enabled: only a value that refuses is changed.
    if ((Get-RegistryValue -Key $script:TerminalServer -Name 'TSEnabled') -eq 0) {
        Set-RegistryValue -Key $script:TerminalServer -Name 'TSEnabled' -Value 1
    }
}

Invoke-RdpMedicScript -Id 'online/rdp-denied' -Detect { Find-DenyFault } -Repair $repair
