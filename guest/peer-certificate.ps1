<#
.SYNOPSIS
    Deletes certificates of RDP on another VM of the network, which cannot do it itself.
.DESCRIPTION
    Detects: whether the certificates named stand in the store "Remote Desktop" of that machine.
    Changes: deletes them there, by its Remote Registry. It makes a new one when its SessionEnv starts again.
    Needs: to run on a working VM of the same network; Remote Registry running on the other one, TCP 135 and 445 open
    between them; an account with rights there (Run Command's runAsUser). SYSTEM of a workgroup has none, and a local
    administrator only with LocalAccountTokenFilterPolicy 1 over there.
    Gives back: one answer in the last line of the output (shared/model/guest-answer.ts): an outcome a certificate,
    deleted, stands (it is not there), refused, or not-possible where the store cannot be opened at all.
.PARAMETER Nonce
    A run's own number, 32 hex digits: by it the answer is known. By hand zeros will do.
.PARAMETER Computer
    Private IPv4 address of the other VM.
.PARAMETER Thumbprints
    Of the certificates, upper-case hex, separated by dots.
.PARAMETER Text
    yes: the outcomes as plain lines too, before the answer.
.EXAMPLE
    powershell.exe -File peer-certificate.ps1 -Computer 10.0.0.4 -Thumbprints 0A1B2C
.NOTES
    Verify: run it again, it finds nothing.
    Undo: none needed; Windows makes a new certificate.
#>
# rdp-medic-script: peer-certificate
[CmdletBinding()]
param(
    [ValidatePattern('^[0-9a-f]{32}$')] [string] $Nonce = '00000000000000000000000000000000',
    [Parameter(Mandatory)] [ValidatePattern('^[0-9]{1,3}(\.[0-9]{1,3}){3}$')] [string] $Computer,
    [Parameter(Mandatory)] [ValidatePattern('^[0-9A-F]{1,64}(\.[0-9A-F]{1,64}){0,15}$')] [string] $Thumbprints,
    [ValidateSet('yes', 'no', 'only')] [string] $Text = 'no'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib\codec.ps1')
. (Join-Path $PSScriptRoot 'lib\seam.ps1')
. (Join-Path $PSScriptRoot 'lib\text.ps1')
. (Join-Path $PSScriptRoot 'lib\answer.ps1')

$script:RemoteKeys = "\\$Computer\HKLM\SOFTWARE\Microsoft\SystemCertificates\Remote Desktop\Certificates"

function Invoke-RemoteRegistry {
    # Whether reg.exe did it: its text is translated, its exit code is not.
    param([Parameter(Mandatory)] [string[]] $Arguments)
    $null = reg.exe @Arguments
    return $LASTEXITCODE -eq 0
}

function Remove-RemoteCertificate {
    # How one certificate ended.
    param([Parameter(Mandatory)] [string] $Thumbprint)
    $key = $script:RemoteKeys + '\' + $Thumbprint
    if (-not (Invoke-RemoteRegistry -Arguments 'query', $key)) { return 'stands' }
    if (-not (Invoke-RemoteRegistry -Arguments 'delete', $key, '/f')) { return 'refused' }
    if (Invoke-RemoteRegistry -Arguments 'query', $key) { return 'refused' }
    return 'deleted'
}

Invoke-Answer -Script 'peer-certificate' -Nonce $Nonce -Text $Text -Work {
    $isOpen = Invoke-RemoteRegistry -Arguments 'query', $script:RemoteKeys
    $outcomes = @()
    foreach ($thumbprint in $Thumbprints.Split('.')) {
        $word = $(if ($isOpen) { Remove-RemoteCertificate -Thumbprint $thumbprint } else { 'not-possible' })
        $wrote = @()
        if ($word -eq 'deleted') {
            $wrote = @([ordered]@{ what = 'delete certificate'; target = "\\$Computer\Remote Desktop\$thumbprint"; before = 'in the store'; after = $null })
        }
        $failure = $null
        if ($word -in 'not-possible', 'refused') { $failure = [ordered]@{ code = 1; text = 'reg.exe ended with 1' } }
        $outcomes += [ordered]@{ change = $outcomes.Count; do = 'peer-certificate'; word = $word; wrote = $wrote; data = @(); error = $failure }
    }
    $script:Answer.outcomes = $outcomes
}
