<#
.SYNOPSIS
    Sets the security of the RDP listener on an attached disk to what clients of today ask for.
.DESCRIPTION
    Detects: SecurityLayer 0 (RDP security, no TLS), fAllowSecProtocolNegotiation 0, the low encryption level beside TLS;
    as a warning, NLA off.
    Changes: SecurityLayer 2 (TLS), UserAuthentication 1 (NLA), MinEncryptionLevel 3, fAllowSecProtocolNegotiation 1: the
    recommended state. Never lowers a value.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: nothing but the result line.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File rdp-security-layer.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: offline/rdp-security-layer
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')

$find = { Find-GuestSecurityLayerFault -Guest $Guest }
$repair = {
    # What makes a fault comes last: cut short before it, a rerun comes here again.
    $wanted = [ordered]@{ MinEncryptionLevel = 3; UserAuthentication = 1; fAllowSecProtocolNegotiation = 1; SecurityLayer = 2 }
    foreach ($set in $Guest.ControlSets) {
        $key = Get-ListenerKey -ControlSet $set
        foreach ($name in $wanted.Keys) {
            $value = Get-RegistryValue -Key $key -Name $name
            if ($null -eq $value -or $value -lt $wanted[$name]) { Set-RegistryValue -Key $key -Name $name -Value $wanted[$name] }
        }
    }
}

Invoke-OfflineRepair -Id 'offline/rdp-security-layer' -Lun $Lun -Hives 'SYSTEM' -FindFaults $find -RepairFaults $repair
