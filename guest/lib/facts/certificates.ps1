# rdp-medic-lib: facts/certificates
# Certificates as digests, from the registry: the same on a running Windows and on a disk, and corrupt ones are seen too.

$script:MostCertificates = 16

function Get-StoreKey {
    # Key of a local machine store (System Store Locations).
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [string] $Store)
    return "$($Windows.Software)\Microsoft\SystemCertificates\$Store\Certificates"
}

function Read-CertificateFact {
    param([Parameter(Mandatory)] $Windows)
    $w = $Windows
    Set-Part -Name 'rdpCertificates' -Read {
        try { $script:Facts.rdpCertificates = Read-StoreFact -Key (Get-StoreKey -Windows $w -Store 'Remote Desktop') }
        catch { $script:Facts.rdpCertificates.error = New-Unread -Failure $_ }
    }
    Set-Part -Name 'boundCertificate' -Read {
        $thumbprint = Get-BoundThumbprint -Windows $w
        if ($thumbprint -eq '') { return }
        foreach ($store in 'MY', 'Remote Desktop') {
            $digest = Read-Digest -Key (Get-StoreKey -Windows $w -Store $store) -Thumbprint $thumbprint
            if ($null -ne $digest) { $script:Facts.boundCertificate = $digest; return }
        }
    }
}

function Read-StoreFact {
    # Of many the ones that last longest: whether a good one is among them is what counts.
    param([Parameter(Mandatory)] [string] $Key)
    $store = Read-RegistryKey -Path $Key -Names '-'
    if ($null -eq $store) { return New-List }
    $names = @($store.Subkeys | Where-Object { $_ -match '^[0-9A-Fa-f]{1,64}$' })
    $digests = @(foreach ($name in $names) { Read-Digest -Key $Key -Thumbprint $name })
    $sorted = @($digests | Sort-Object -Property @{ Expression = { [string]$_.notAfter }; Descending = $true }, @{ Expression = { $_.thumbprint } })
    return New-List -Items $sorted -Most $script:MostCertificates
}

function Read-Digest {
    # $null where the store has no such certificate.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Thumbprint)
    $found = Read-RegistryKey -Path "$Key\$Thumbprint" -Names 'Blob'
    if ($null -eq $found) { return $null }
    $blob = ''
    foreach ($value in @($found.Values)) { if ($value.Kind -eq 'Binary') { $blob = [string]$value.Data } }
    $digest = Read-CertificateDigest -Hex $blob
    return [ordered]@{
        thumbprint = Get-UpperInvariant -Text $Thumbprint
        state = $digest.State; notBefore = $digest.NotBefore; notAfter = $digest.NotAfter
        algorithm = $digest.Algorithm; bits = $digest.Bits; selfIssued = $digest.SelfIssued; namesKey = $digest.NamesKey
    }
}

function Get-BoundThumbprint {
    # Upper-case hex; '' where no certificate is bound to the listener. Of two control sets the current one counts first.
    param([Parameter(Mandatory)] $Windows)
    foreach ($set in $Windows.Sets) {
        $value = Get-Value -Path "$(Get-SetKey -Windows $Windows -Set $set)\Control\Terminal Server\WinStations\RDP-Tcp" -Name 'SSLCertificateSHA1Hash'
        if ($null -ne $value -and $value.Kind -eq 'Binary' -and [string]$value.Data -match '^[0-9a-f]{2,64}$') { return Get-UpperInvariant -Text $value.Data }
    }
    return ''
}

function Get-BoundKeyName {
    # Name of the bound certificate's key container; '' where there is none, or it is not one of MachineKeys.
    param([Parameter(Mandatory)] $Windows)
    $thumbprint = Get-BoundThumbprint -Windows $Windows
    if ($thumbprint -eq '') { return '' }
    foreach ($store in 'MY', 'Remote Desktop') {
        $value = Get-Value -Path "$(Get-StoreKey -Windows $Windows -Store $store)\$thumbprint" -Name 'Blob'
        if ($null -eq $value -or $value.Kind -ne 'Binary') { continue }
        return (Read-CertificateDigest -Hex ([string]$value.Data)).KeyName
    }
    return ''
}
