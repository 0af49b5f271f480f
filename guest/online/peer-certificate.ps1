<#
.SYNOPSIS
    Deletes the faulty RDP certificate of another VM of the network, which cannot do it itself.
.DESCRIPTION
    Detects: self-signed certificates in \\ADDRESS\Remote Desktop that are out of their time, and those that cannot
    be parsed (they stand in that machine's registry, but in no store).
    Changes: deletes those, on that machine. It makes a new one when online/rdp-certificate runs there afterwards.
    Needs: to run on a working VM of the same network; Remote Registry running on the other one, TCP 135 and 445
    open between them; an account with rights there (Run Command's runAsUser). SYSTEM of a workgroup has none, and
    a local administrator only with LocalAccountTokenFilterPolicy 1 over there.
    Gives back: error PeerNotPossible, with the reason, when the store cannot be opened: the repair goes on without.
.PARAMETER ComputerName
    Private IPv4 address of the other VM.
.EXAMPLE
    powershell.exe -File peer-certificate.ps1 -ComputerName 10.0.0.4
.NOTES
    Verify: run it again, it finds nothing.
    Undo: none needed; Windows makes a new certificate.
#>
# rdp-medic-script: online/peer-certificate
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^[0-9]{1,3}(\.[0-9]{1,3}){3}$')] [string] $ComputerName
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')

function Open-RemoteStore {
    # 4 is OpenExistingOnly with ReadWrite (1): never makes a store.
    $store = New-Object System.Security.Cryptography.X509Certificates.X509Store "\\$ComputerName\Remote Desktop", 'LocalMachine'
    try { $store.Open(5) }
    catch {
        $reason = $_.Exception
        if ($null -ne $reason.InnerException) { $reason = $reason.InnerException }
        throw "PeerNotPossible: $($reason.Message)"
    }
    return $store
}

function Get-FaultyCertificate {
    $now = Get-Date
    $parsed = @($script:Store.Certificates)
    foreach ($certificate in $parsed) {
        if ($certificate.NotAfter -ge $now -or $certificate.Subject -ne $certificate.Issuer) { continue }
        New-Object PSObject -Property @{ Thumbprint = [string]$certificate.Thumbprint; State = 'expired'; Certificate = $certificate }
    }
    # The tool's text is translated, a thumbprint is not.
    foreach ($line in @(reg.exe query $script:RemoteKeys)) {
        if ($line -notmatch '\\([0-9A-Fa-f]{40})\s*$') { continue }
        $thumbprint = $Matches[1]
        if (@($parsed | Where-Object { $_.Thumbprint -eq $thumbprint }).Count -gt 0) { continue }
        New-Object PSObject -Property @{ Thumbprint = $thumbprint; State = 'corrupt'; Certificate = $null }
    }
}

$detect = {
    foreach ($faulty in @(Get-FaultyCertificate)) {
        $data = @{ thumbprint = $faulty.Thumbprint }
        if ($faulty.State -eq 'expired') {
            Add-Finding -Cause 'rdp-certificate' -Code 'CertificateExpired' -Detail 'the certificate of RDP is out of its time' -Data $data
        }
        else { Add-Finding -Cause 'rdp-certificate' -Code 'CertificateCorrupt' -Detail 'the certificate of RDP cannot be parsed' -Data $data }
    }
}
$repair = {
    foreach ($faulty in @(Get-FaultyCertificate)) {
        if ($null -ne $faulty.Certificate) { $script:Store.Remove($faulty.Certificate) }
        else {
            reg.exe delete ($script:RemoteKeys + '\' + $faulty.Thumbprint) /f | Write-Information
            if ($LASTEXITCODE -ne 0) { throw "ToolFailed: reg.exe ended with $LASTEXITCODE" }
        }
        Add-Action -What 'delete certificate' -Target "\\$ComputerName\Remote Desktop\$($faulty.Thumbprint)" -Before $faulty.State
    }
}
$script:RemoteKeys = "\\$ComputerName\HKLM\SOFTWARE\Microsoft\SystemCertificates\Remote Desktop\Certificates"
$script:Store = $null
Invoke-RdpMedicScript -Id 'online/peer-certificate' -Prepare { $script:Store = Open-RemoteStore } -Detect $detect -Repair $repair -Cleanup {
    if ($null -ne $script:Store) { $script:Store.Close() }
}
