# Certificate and private key of RDP in a Windows that is not running: what is wrong with them. Reads only.
# Test-KeyPathAccess is the one of keys.ps1.

function Get-GuestKeyFolder {
    param([Parameter(Mandatory)] $Guest)
    return "$($Guest.Root)\ProgramData\Microsoft\Crypto\RSA\MachineKeys"
}

function Get-GuestRdpKeyPath {
    # Container TSSecKeySet1: the file name is its hash and the machine's GUID.
    param([Parameter(Mandatory)] $Guest)

    $guid = [string](Get-RegistryValue -Key "$($Guest.Software)\Microsoft\Cryptography" -Name 'MachineGuid')
    return "$(Get-GuestKeyFolder -Guest $Guest)\f686aace6942fb7f7ceb231212eef4a4_$guid"
}

function Find-GuestKeyFault {
    param([Parameter(Mandatory)] $Guest)

    if (-not (Test-KeyPathAccess -Path (Get-GuestKeyFolder -Guest $Guest))) {
        Add-Finding -Cause 'machine-keys' -Code 'MachineKeysUnreadable' -Detail 'Windows cannot use the folder of the machine keys' -Data @{ what = 'folder' }
    }
    $key = Get-GuestRdpKeyPath -Guest $Guest
    if ((Test-Path -LiteralPath $key) -and -not (Test-KeyPathAccess -Path $key)) {
        Add-Finding -Cause 'machine-keys' -Code 'MachineKeysUnreadable' -Detail 'the private key of RDP cannot be read' -Data @{ what = 'RDP key' }
    }
}

function Get-CertificateState {
    # missing, corrupt, expired or good: of the certificate that a registry key holds.
    param([Parameter(Mandatory)] [string] $Key)

    if (-not (Test-Path -LiteralPath $Key)) { return 'missing' }
    $certificate = Read-CertificateBlob -Blob (Get-RegistryValue -Key $Key -Name 'Blob')
    if ($null -eq $certificate) { return 'corrupt' }
    $now = Get-Date
    if ($certificate.NotAfter -lt $now -or $certificate.NotBefore -gt $now.AddDays(1)) { return 'expired' }
    return 'good'
}

function Read-CertificateBlob {
    # Property after property (id, 1, length, bytes); number 32 is the certificate itself (wincrypt.h,
    # CERT_CERT_PROP_ID). $null for one that cannot be read.
    param([AllowNull()] [object] $Blob)

    if ($Blob -isnot [byte[]]) { return $null }
    $encoded = $null
    $at = 0
    while ($at -lt $Blob.Length) {
        if ($at + 12 -gt $Blob.Length) { return $null }
        $length = [BitConverter]::ToInt32($Blob, $at + 8)
        if ($length -lt 0 -or $at + 12 + $length -gt $Blob.Length) { return $null }
        if ([BitConverter]::ToInt32($Blob, $at) -eq 32) {
            $encoded = New-Object -TypeName 'byte[]' -ArgumentList $length
            [Array]::Copy($Blob, $at + 12, $encoded, 0, $length)
        }
        $at += 12 + $length
    }
    if ($null -eq $encoded) { return $null }
    try { return New-Object -TypeName 'System.Security.Cryptography.X509Certificates.X509Certificate2' -ArgumentList @(, $encoded) }
    catch { return $null }
}

function Get-StoredCertificate {
    # The self-signed certificates of RDP in the SOFTWARE hive, with their state.
    param([Parameter(Mandatory)] $Guest)

    $store = "$($Guest.Software)\Microsoft\SystemCertificates\Remote Desktop\Certificates"
    if (-not (Test-Path -LiteralPath $store)) { return }
    foreach ($child in @(Get-ChildItem -LiteralPath $store)) {
        $key = "$store\$($child.PSChildName)"
        New-Object PSObject -Property @{ Key = $key; Thumbprint = [string]$child.PSChildName; State = Get-CertificateState -Key $key }
    }
}

function Get-GuestBinding {
    # Where a certificate of somebody's own is bound to the listener: the key, the thumbprint, its state. A
    # Connection Broker's binding belongs to its deployment.
    param([Parameter(Mandatory)] $Guest)

    $stores = "$($Guest.Software)\Microsoft\SystemCertificates"
    foreach ($set in $Guest.ControlSets) {
        $key = Get-ListenerKey -ControlSet $set
        $hash = Get-RegistryValue -Key $key -Name 'SSLCertificateSHA1Hash'
        if ($null -eq $hash) { continue }
        $thumbprint = (ConvertTo-ValueText $hash).ToUpperInvariant()
        $states = @(Get-CertificateState -Key "$stores\MY\Certificates\$thumbprint"; Get-CertificateState -Key "$stores\Remote Desktop\Certificates\$thumbprint")
        $state = $(if ('good' -in $states) { 'good' } elseif ('expired' -in $states) { 'expired' } else { 'missing' })
        New-Object PSObject -Property @{ Key = $key; Thumbprint = $thumbprint; State = $state; IsBroker = Test-Path -LiteralPath "$set\Services\Tssdis" }
    }
}

function Find-GuestCertificateFault {
    # No certificate at all is none: Windows makes one at boot.
    param([Parameter(Mandatory)] $Guest)

    $wrong = @{ missing = 'BoundCertificateMissing'; expired = 'BoundCertificateExpired' }
    foreach ($binding in @(Get-GuestBinding -Guest $Guest)) {
        if ($binding.State -eq 'good') { continue }
        $severity = $(if ($binding.IsBroker) { 'warning' } else { 'fault' })
        Add-Finding -Cause 'rdp-certificate' -Code $wrong[$binding.State] -Severity $severity -Detail 'the certificate bound to the listener cannot be used' -Data @{ thumbprint = $binding.Thumbprint; controlSet = Get-ControlSetName -Key $binding.Key }
    }
    foreach ($certificate in @(Get-StoredCertificate -Guest $Guest)) {
        $data = @{ thumbprint = $certificate.Thumbprint }
        if ($certificate.State -eq 'expired') { Add-Finding -Cause 'rdp-certificate' -Code 'CertificateExpired' -Detail 'the certificate of RDP is out of its time' -Data $data }
        elseif ($certificate.State -eq 'corrupt') { Add-Finding -Cause 'rdp-certificate' -Code 'CertificateCorrupt' -Detail 'the certificate of RDP cannot be parsed' -Data $data }
        elseif (-not (Test-Path -LiteralPath (Get-GuestRdpKeyPath -Guest $Guest))) {
            Add-Finding -Cause 'rdp-certificate' -Code 'CertificateKeyMissing' -Detail 'the private key of the certificate of RDP is gone' -Data $data
        }
    }
}
