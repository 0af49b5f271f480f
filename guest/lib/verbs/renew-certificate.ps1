# rdp-medic-lib: verbs/renew-certificate
# Renew-Certificate: deletes the self-signed certificates named (their keys stay), moves RDP's damaged key aside where asked;
# online it restarts SessionEnv and TermService and waits for the new certificate. renewed, deleted (on a disk), guarded
# (this machine refuses to delete: a peer may be able to), not-renewed.

$script:RenewSeconds = 60
$script:AccessDenied = 5

function Invoke-RenewCertificate {
    param([Parameter(Mandatory)] $Change)
    $wasOwed = Test-Owed -Word 'restart'
    $acted = $false
    $named = @($Change.thumbprints)
    if ($Change.others) { $named += @(Get-UnusableThumbprint | Where-Object { $named -notcontains $_ }) }
    foreach ($thumbprint in $named) {
        $key = "$(Get-StoreKey -Windows $script:Run.Windows -Store 'Remote Desktop')\$thumbprint"
        if (-not (Test-Key -Path $key)) { continue }
        # Not one that an authority gave: only its owner has another.
        if (Test-GivenByOther -Key $key) { Add-Data -Name 'kept' -Value $thumbprint; continue }
        if (Test-Online) { Add-Owed -Word 'restart' }
        Add-Entry -Lines 'what=certificate', "target=$thumbprint"
        try { Remove-RegistryKey -Path $key }
        catch {
            $failure = $_
            if (-not $acted -and -not $wasOwed) { Remove-Owed -Word 'restart' }
            if ((Get-ErrorCode -Failure $failure) -ne $script:AccessDenied) { throw $failure }
            Add-Data -Name 'thumbprint' -Value $thumbprint
            return 'guarded'
        }
        $acted = $true
        Add-Written -What 'certificate' -Target $thumbprint -Before 'stored' -After $null
    }
    if ($Change.keyAside -and (Move-KeyAside)) { $acted = $true }
    if (-not (Test-Online)) { return 'deleted' }
    if (-not $acted -and -not $wasOwed -and (Test-ValidCertificate)) { return 'renewed' }
    # SessionEnv makes the new certificate, TermService takes it up.
    $word = Restart-ServiceList -Names 'SessionEnv', 'TermService'
    if ($word -eq 'restarted' -and (Wait-Until -Seconds $script:RenewSeconds -Test { Test-ValidCertificate })) { return 'renewed' }
    Add-Data -Name 'restart' -Value $word
    return 'not-renewed'
}

function Get-UnusableThumbprint {
    # Self-signed ones that are out of their time, and those that cannot be read.
    $store = Get-StoreKey -Windows $script:Run.Windows -Store 'Remote Desktop'
    $found = Read-RegistryKey -Path $store -Names '-'
    if ($null -eq $found) { return }
    $now = Format-Moment -Time (Get-Date)
    foreach ($name in @($found.Subkeys)) {
        $digest = Read-StoredDigest -Key "$store\$name"
        if ($digest.State -ne 'parsed' -or ($digest.SelfIssued -and $digest.NotAfter -le $now)) { $name }
    }
}

function Read-StoredDigest {
    param([Parameter(Mandatory)] [string] $Key)
    $blob = Get-Value -Path $Key -Name 'Blob'
    if ($null -eq $blob -or $blob.Kind -ne 'Binary') { return Read-CertificateDigest -Hex '' }
    return Read-CertificateDigest -Hex ([string]$blob.Data)
}

function Test-GivenByOther {
    param([Parameter(Mandatory)] [string] $Key)
    $digest = Read-StoredDigest -Key $Key
    return $digest.State -eq 'parsed' -and -not $digest.SelfIssued
}

function Test-ValidCertificate {
    # One that can be read and is not out of its time.
    $store = Get-StoreKey -Windows $script:Run.Windows -Store 'Remote Desktop'
    $found = Read-RegistryKey -Path $store -Names '-'
    if ($null -eq $found) { return $false }
    $now = Format-Moment -Time (Get-Date)
    foreach ($name in @($found.Subkeys)) {
        $digest = Read-StoredDigest -Key "$store\$name"
        # Moments of one form compare as text.
        if ($digest.State -eq 'parsed' -and $digest.NotAfter -gt $now) { return $true }
    }
    return $false
}

function Move-KeyAside {
    # Beside the folder, where no provider looks for keys; it keeps its own permissions. A key that opens is a new one by now.
    $file = Get-RdpKeyFile -Windows $script:Run.Windows
    $folder = Get-KeyFolder -Windows $script:Run.Windows
    if ($file -eq '' -or (Read-EntryKind -Path "$folder\$file") -ne 'file') { return $false }
    if ((Test-Online) -and (Read-KeyOpens).Opens -ne 'no') { return $false }
    $to = "$folder-rdp-medic\$file"
    for ($nth = 1; (Read-EntryKind -Path $to) -eq 'file'; $nth++) { $to = "$folder-rdp-medic\$file.$nth" }
    if (Test-Online) { Add-Owed -Word 'restart' }
    Add-Entry -Lines 'what=key-aside', "target=$folder\$file", "after=$to"
    if ((Read-EntryKind -Path "$folder-rdp-medic") -eq 'none') { New-Folder -Path "$folder-rdp-medic" }
    Move-Entry -From "$folder\$file" -To $to
    Add-Written -What 'key-aside' -Target "$folder\$file" -Before "$folder\$file" -After $to
    return $true
}
