<#
.SYNOPSIS
    Removes what keeps RDP on an attached disk from having a certificate that clients can use.
.DESCRIPTION
    Detects: a bound certificate (SSLCertificateSHA1Hash) that is missing or out of its time; a self-signed one that is
    expired, corrupt or has lost its key.
    Changes: unbinds the bound one (not on a Connection Broker); deletes the faulty self-signed ones only: Windows makes a
    new one at boot.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: nothing but the result line.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File rdp-certificate.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing. After the boot, Get-ChildItem 'Cert:\LocalMachine\Remote Desktop'.
    Undo: a deleted one lies in the copy of the SOFTWARE hive, in C:\ProgramData\rdp-medic of the rescue VM; bind the
    other one again by writing back SSLCertificateSHA1Hash as named in the result line.
#>
# rdp-medic-script: offline/rdp-certificate
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

$find = { Find-GuestCertificateFault -Guest $Guest }
$repair = {
    foreach ($binding in @(Get-GuestBinding -Guest $Guest)) {
        if ($binding.State -eq 'good' -or $binding.IsBroker) { continue }
        Remove-RegistryValue -Key $binding.Key -Name 'SSLCertificateSHA1Hash'
    }
    $hasKey = Test-Path -LiteralPath (Get-GuestRdpKeyPath -Guest $Guest)
    foreach ($certificate in @(Get-StoredCertificate -Guest $Guest)) {
        if ($certificate.State -eq 'good' -and $hasKey) { continue }
        Remove-Item -LiteralPath $certificate.Key -Recurse -Force
        Add-Action -What 'delete certificate' -Target $certificate.Thumbprint -Before $certificate.State
    }
}

Invoke-OfflineRepair -Id 'offline/rdp-certificate' -Lun $Lun -Hives 'SYSTEM', 'SOFTWARE' -FindFaults $find -RepairFaults $repair
