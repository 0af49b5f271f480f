<#
.SYNOPSIS
    Makes the private key of RDP usable again.
.DESCRIPTION
    Detects: the folder MachineKeys or the key of RDP in it not usable by SYSTEM or NETWORK SERVICE; a key file that
    may be read but cannot be opened.
    Changes: only what is unusable: takes ownership (one file at a time), removes entries that deny, grants SYSTEM
    full, NETWORK SERVICE read, Administrators full, all by SID. A damaged key of RDP is moved aside (never
    deleted) with its certificate, and Windows makes both anew. Keys of other software are never deleted, and get
    the same grants only where not even SYSTEM can read them. Restarts SessionEnv and TermService.
    Needs: SYSTEM.
    Gives back: the permissions before and after, as text above the result line: keep the full output.
.EXAMPLE
    powershell.exe -File machine-keys.ps1
.NOTES
    Verify: icacls.exe C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys /t /c
    Undo: icacls.exe FILE /setowner and /grant with what stood before; move the key back from MachineKeys-rdp-medic.
#>
# rdp-medic-script: online/machine-keys
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\keys.ps1')
. (Join-Path $PSScriptRoot '..\lib\permissions.ps1')

function Write-Permission {
    param([Parameter(Mandatory)] [string] $Title)
    Write-Information "--- permissions $Title"
    icacls.exe $script:MachineKeys /t /c | ForEach-Object { Write-Information $_ }
    foreach ($path in $script:MachineKeys, (Get-RdpKeyPath)) { Write-Information "owner of ${path}: $(Get-OwnerSid -Path $path)" }
}

function Move-DamagedKey {
    # The certificate first: cut off in between, the key is still seen as damaged. The key goes beside the folder,
    # where no provider looks for keys, and keeps its own permissions.
    foreach ($certificate in @(Get-RdpCertificate | Where-Object { $_.SelfSigned -and $_.State -eq 'good' })) {
        Remove-Item -LiteralPath ('Cert:\LocalMachine\Remote Desktop\' + $certificate.Thumbprint) -Force
        Add-Action -What 'delete certificate' -Target $certificate.Thumbprint -Before 'its key is damaged'
    }
    $from = Get-RdpKeyPath
    $folder = $script:MachineKeys + '-rdp-medic'
    if (-not (Test-Path -LiteralPath $folder)) { New-Item -Path $folder -ItemType Directory | Out-Null }
    $to = Join-Path $folder (Split-Path -Path $from -Leaf)
    if (Test-Path -LiteralPath $to) { $to = "$to." + @(Get-ChildItem -LiteralPath $folder -Force).Count }
    Move-Item -LiteralPath $from -Destination $to
    Add-Action -What 'move damaged key aside' -Target $from -After $to
}

$repair = {
    Write-Permission -Title 'before'
    if (-not (Test-KeyPathAccess -Path $script:MachineKeys)) { Repair-Permission -Path $script:MachineKeys }
    $rdpKey = Get-RdpKeyPath
    $hasKey = Test-Path -LiteralPath $rdpKey
    if ($hasKey -and -not (Test-KeyPathAccess -Path $rdpKey)) { Repair-Permission -Path $rdpKey }
    foreach ($path in @(Get-OtherKeyWithoutAccess)) { Repair-Permission -Path $path }
    if ($hasKey -and -not (Test-RdpKeyOpens)) { Move-DamagedKey }
    Write-Permission -Title 'after'
    Restart-ServiceNow -Name 'SessionEnv'
    Restart-RdpService
}

Invoke-RdpMedicScript -Id 'online/machine-keys' -Detect { Find-MachineKeyFault } -Repair $repair
