<#
.SYNOPSIS
    Gives RDP a certificate that clients can use.
.DESCRIPTION
    Detects: a bound certificate (SSLCertificateSHA1Hash) that is missing, without key or out of its time; a
    self-signed one that is expired, corrupt, missing or has lost its key.
    Changes: unbinds the bound one (not on a Connection Broker); puts back where Windows looks for its own; deletes
    the faulty self-signed ones only, restarts SessionEnv and TermService, so that Windows makes a new one.
    Needs: SYSTEM. MachineKeys must be usable (online/machine-keys).
    Gives back: fact peerNeeded = true when this machine refuses to delete: run online/peer-certificate on a
    working VM of the network, then this script again.
.EXAMPLE
    powershell.exe -File rdp-certificate.ps1
.NOTES
    Verify: Get-ChildItem 'Cert:\LocalMachine\Remote Desktop'
    Undo: a deleted self-signed certificate is made anew by Windows; bind the other one again by writing back
    SSLCertificateSHA1Hash as named in the result line.
#>
# rdp-medic-script: online/rdp-certificate
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\keys.ps1')

function Remove-BoundCertificate {
    # The certificate itself stays in its store: only the listener lets go of it.
    if ((Get-BoundCertificateState) -in 'none', 'good') { return }
    if ($null -ne (Get-ServiceInfo -Name 'Tssdis')) {
        Add-Finding -Cause 'rdp-certificate' -Code 'ConnectionBroker' -Detail 'a Connection Broker manages this certificate: replace it there'
        return
    }
    Remove-RegistryValue -Key $script:RdpTcp -Name 'SSLCertificateSHA1Hash'
}

function Remove-FaultyCertificate {
    # Whether the store let go of every faulty one. Keys stay: Windows replaces its own.
    foreach ($certificate in @(Get-RdpCertificate | Where-Object { $_.SelfSigned -and $_.State -ne 'good' })) {
        $path = 'Cert:\LocalMachine\Remote Desktop\' + $certificate.Thumbprint
        # A corrupt one is not listed in the store: its registry key is all there is.
        if ($certificate.State -eq 'corrupt') { $path = Join-Path $script:RdpCertificateKeys $certificate.Thumbprint }
        try { Remove-Item -LiteralPath $path -Recurse -Force }
        catch {
            Write-Information "$path cannot be deleted: $($_.Exception.Message)"
            return $false
        }
        Add-Action -What 'delete certificate' -Target $certificate.Thumbprint -Before $certificate.State
    }
    return $true
}

$repair = {
    Remove-BoundCertificate
    Set-RegistryValue -Key "$script:TerminalServer\WinStations" -Name 'SelfSignedCertStore' -Value 'Remote Desktop' -Type String
    $profiles = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList'
    if ([string](Get-RegistryValue -Key $profiles -Name 'ProgramData') -notin 'C:\ProgramData', '%SystemDrive%\ProgramData') {
        Set-RegistryValue -Key $profiles -Name 'ProgramData' -Value '%SystemDrive%\ProgramData' -Type ExpandString
    }
    if (-not (Remove-FaultyCertificate)) {
        Set-Fact -Name 'peerNeeded' -Value $true
        Add-Finding -Cause 'rdp-certificate' -Code 'CertificateStoreGuarded' -Detail 'this machine refuses to delete the certificate: a peer on the network may be able to'
        return
    }
    Enable-ServiceStart -Name 'SessionEnv'
    # SessionEnv makes the new certificate, TermService takes it up.
    Restart-ServiceNow -Name 'SessionEnv'
    Restart-RdpService
    Start-Sleep -Seconds 5
}

Invoke-RdpMedicScript -Id 'online/rdp-certificate' -Detect { Find-CertificateFault } -Repair $repair
