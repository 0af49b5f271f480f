# rdp-medic-lib: certificate-blob
# What a registry store holds of a certificate: property after property, each as id, 1, length, bytes (wincrypt.h,
# CERT_*_PROP_ID). Needs nothing of Windows; the file may call .NET as codec.ps1 does.

# CRYPT_KEY_PROV_INFO, and the certificate itself.
$script:KeyProperty = 2
$script:CertificateProperty = 32

function Read-CertificateDigest {
    # State parsed or corrupt, dates, algorithm, bits, whether issued by itself, whether it names a key, and the
    # name of that key's container ('' where it cannot be told).
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Hex)
    $digest = [ordered]@{ State = 'corrupt'; NotBefore = $null; NotAfter = $null; Algorithm = 'unknown'; Bits = 0; SelfIssued = $false; NamesKey = $false; KeyName = '' }
    $properties = Read-BlobProperty -Bytes (ConvertFrom-Hex -Hex $Hex)
    if ($null -eq $properties -or -not $properties.ContainsKey($script:CertificateProperty)) { return $digest }
    try {
        $encoded = [byte[]]$properties[$script:CertificateProperty]
        # A certificate begins with a sequence; .NET would take other containers as well.
        if ($encoded.Length -lt 4 -or $encoded[0] -ne 0x30) { return $digest }
        $certificate = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2 (, $encoded)
        $digest.NotBefore = Format-Moment -Time $certificate.NotBefore
        $digest.NotAfter = Format-Moment -Time $certificate.NotAfter
        $digest.SelfIssued = (ConvertTo-Hex -Bytes $certificate.SubjectName.RawData) -eq (ConvertTo-Hex -Bytes $certificate.IssuerName.RawData)
        $digest.State = 'parsed'
        $digest.Algorithm = @{ '1.2.840.113549.1.1.1' = 'RSA'; '1.2.840.10045.2.1' = 'ECDSA' }[[string]$certificate.PublicKey.Oid.Value]
        if ($null -eq $digest.Algorithm) { $digest.Algorithm = 'other' }
        $digest.Bits = Get-KeyBits -Algorithm $digest.Algorithm -Key $certificate.PublicKey.EncodedKeyValue.RawData
        $digest.NamesKey = $properties.ContainsKey($script:KeyProperty)
        if ($digest.NamesKey) { $digest.KeyName = Get-ContainerName -Bytes ([byte[]]$properties[$script:KeyProperty]) }
    }
    catch { return [ordered]@{ State = 'corrupt'; NotBefore = $null; NotAfter = $null; Algorithm = 'unknown'; Bits = 0; SelfIssued = $false; NamesKey = $false; KeyName = '' } }
    return $digest
}

function Read-BlobProperty {
    # $null for bytes that do not end where they say.
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [byte[]] $Bytes)
    $properties = @{}
    $at = 0
    while ($at -lt $Bytes.Length) {
        if ($at + 12 -gt $Bytes.Length) { return $null }
        $length = [BitConverter]::ToInt32($Bytes, $at + 8)
        if ($length -lt 0 -or $length -gt $Bytes.Length - $at - 12) { return $null }
        $data = New-Object byte[] $length
        [Array]::Copy($Bytes, $at + 12, $data, 0, $length)
        $properties[[BitConverter]::ToInt32($Bytes, $at)] = $data
        $at += 12 + $length
    }
    return $properties
}

function Get-KeyBits {
    # RSA: the length of the modulus, the first number of a sequence; ECDSA: half a point.
    param([Parameter(Mandatory)] [string] $Algorithm, [Parameter(Mandatory)] [byte[]] $Key)
    if ($Algorithm -eq 'ECDSA') {
        $bits = (($Key.Length - 1) -shr 1) * 8
        if ($bits -eq 528) { return 521 }
        return $bits
    }
    if ($Algorithm -ne 'RSA') { return 0 }
    $number = Read-DerPart -Bytes $Key -At (Read-DerPart -Bytes $Key -At 0).Start
    $start = $number.Start
    $length = $number.Length
    while ($length -gt 1 -and $Key[$start] -eq 0) { $start++; $length-- }
    $bits = $length * 8
    for ($mask = 0x80; $mask -gt 1 -and ($Key[$start] -band $mask) -eq 0; $mask = $mask -shr 1) { $bits-- }
    return $bits
}

function Read-DerPart {
    # Where the content of a DER value starts, and how long it is.
    param([Parameter(Mandatory)] [byte[]] $Bytes, [Parameter(Mandatory)] [int] $At)
    $length = [int]$Bytes[$At + 1]
    $start = $At + 2
    if ($length -ge 0x80) {
        $count = $length -band 0x7f
        $length = 0
        for ($index = 0; $index -lt $count; $index++) { $length = $length * 256 + $Bytes[$start + $index] }
        $start += $count
    }
    return @{ Start = $start; Length = $length }
}

function Get-ContainerName {
    # CRYPT_KEY_PROV_INFO as it is stored: offset of the container's name, of the provider's, type of provider, flags,
    # number and offset of parameters, key specification; then the texts. Type 0 is CNG.
    param([Parameter(Mandatory)] [byte[]] $Bytes)
    if ($Bytes.Length -lt 28) { return '' }
    $offset = [BitConverter]::ToInt32($Bytes, 0)
    if ($offset -lt 28 -or $offset -ge $Bytes.Length) { return '' }
    $text = [Text.Encoding]::Unicode.GetString($Bytes, $offset, $Bytes.Length - $offset - ($Bytes.Length - $offset) % 2)
    return ($text -split "`0")[0]
}

function Get-KeyFileName {
    # File of MachineKeys that holds a container: the MD5 of its name in small letters, with the ending zero, written as
    # four little-endian numbers, and the machine's GUID. A container may bear the name of its file.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Container, [Parameter(Mandatory)] [AllowEmptyString()] [string] $MachineGuid)
    if ($Container -match '^[0-9a-f]{32}_[0-9A-Za-z-]{1,64}$') { return $Container }
    if ($Container -eq '' -or $MachineGuid -eq '') { return '' }
    # A Windows in FIPS mode refuses MD5; the hash of RDP's own container is known.
    if ($Container -eq 'TSSecKeySet1') { return "f686aace6942fb7f7ceb231212eef4a4_$MachineGuid" }
    $algorithm = New-Object System.Security.Cryptography.MD5CryptoServiceProvider
    $hash = $algorithm.ComputeHash([Text.Encoding]::ASCII.GetBytes($Container.ToLowerInvariant() + "`0"))
    $algorithm.Dispose()
    $parts = foreach ($at in 0, 4, 8, 12) { '{0:x8}' -f [BitConverter]::ToUInt32($hash, $at) }
    return (@($parts) -join '') + '_' + $MachineGuid
}
