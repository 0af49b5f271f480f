<#
.SYNOPSIS
    Makes the private key of RDP on an attached disk usable again.
.DESCRIPTION
    Detects: the folder MachineKeys, or the key of RDP in it, not usable by SYSTEM or NETWORK SERVICE.
    Changes: only what is unusable: takes ownership (one file at a time), removes entries that deny, grants SYSTEM full,
    NETWORK SERVICE read, Administrators full, all by SID. Keys of other software are never touched.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: the permissions before and after, as text above the result line: keep the full output, because the
    rescue VM is deleted.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File machine-keys.ps1 -Lun 0
.NOTES
    Verify: icacls.exe F:\ProgramData\Microsoft\Crypto\RSA\MachineKeys /t /c, with the letter of the attached volume.
    Undo: icacls.exe FILE /setowner and /grant with what stood before.
#>
# rdp-medic-script: offline/machine-keys
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\keys.ps1')
. (Join-Path $PSScriptRoot '..\lib\permissions.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-keys.ps1')

function Write-KeyPermission {
    param([Parameter(Mandatory)] [string] $Title)

    Write-Information "--- permissions $Title"
    icacls.exe (Get-GuestKeyFolder -Guest $Guest) /t /c | ForEach-Object { Write-Information $_ }
    foreach ($path in @(Get-RdpKeyPart)) { Write-Information "owner of ${path}: $(Get-OwnerSid -Path $path)" }
}

function Get-RdpKeyPart {
    # The folder, and the key of RDP where it is.
    Get-GuestKeyFolder -Guest $Guest
    $key = Get-GuestRdpKeyPath -Guest $Guest
    if (Test-Path -LiteralPath $key) { $key }
}

$find = { Find-GuestKeyFault -Guest $Guest }
$repair = {
    Write-KeyPermission -Title 'before'
    foreach ($path in @(Get-RdpKeyPart)) {
        if (-not (Test-KeyPathAccess -Path $path)) { Repair-Permission -Path $path }
    }
    Write-KeyPermission -Title 'after'
}

Invoke-OfflineRepair -Id 'offline/machine-keys' -Lun $Lun -Hives 'SOFTWARE' -FindFaults $find -RepairFaults $repair
