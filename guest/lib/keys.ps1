# Certificate, private key and TLS of RDP on a running Windows: what is wrong with them. Reads only.

$script:SchannelProtocols = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols'
$script:CipherPolicy = 'HKLM:\SOFTWARE\Policies\Microsoft\Cryptography\Configuration\SSL\00010002'
$script:CipherList = 'HKLM:\SYSTEM\CurrentControlSet\Control\Cryptography\Configuration\Local\SSL\00010002'
$script:RdpCertificateKeys = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\Remote Desktop\Certificates'
$script:MachineKeys = 'C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys'
$script:SidSystem = 'S-1-5-18'
$script:SidNetworkService = 'S-1-5-20'
$script:SidAdministrators = 'S-1-5-32-544'

function Get-RdpCertificate {
    # Self-signed ones of RDP. A blob that cannot be parsed is in the registry but not in the store.
    $parsed = @(Get-ChildItem -LiteralPath 'Cert:\LocalMachine\Remote Desktop' -ErrorAction SilentlyContinue)
    $now = Get-Date
    foreach ($certificate in $parsed) {
        New-Object PSObject -Property @{
            Thumbprint = [string]$certificate.Thumbprint
            State = if ($certificate.NotAfter -lt $now -or $certificate.NotBefore -gt $now.AddDays(1)) { 'expired' } else { 'good' }
            NotAfter = $certificate.NotAfter.ToUniversalTime().ToString('yyyy-MM-dd')
            SelfSigned = $certificate.Subject -eq $certificate.Issuer
        }
    }
    foreach ($key in @(Get-ChildItem -LiteralPath $script:RdpCertificateKeys -ErrorAction SilentlyContinue)) {
        $thumbprint = [string]$key.PSChildName
        if (@($parsed | Where-Object { $_.Thumbprint -eq $thumbprint }).Count -gt 0) { continue }
        New-Object PSObject -Property @{ Thumbprint = $thumbprint; State = 'corrupt'; NotAfter = ''; SelfSigned = $true }
    }
}

function Get-BoundCertificateState {
    # none, good, expired or missing: of the certificate that an administrator bound to the listener.
    $hash = Get-RegistryValue -Key $script:RdpTcp -Name 'SSLCertificateSHA1Hash'
    if ($null -eq $hash) { return 'none' }
    $thumbprint = ConvertTo-ValueText $hash
    $now = Get-Date
    $certificate = @(Get-ChildItem -LiteralPath 'Cert:\LocalMachine\My' -ErrorAction SilentlyContinue) +
        @(Get-ChildItem -LiteralPath 'Cert:\LocalMachine\Remote Desktop' -ErrorAction SilentlyContinue) |
        Where-Object { $_.Thumbprint -eq $thumbprint } | Select-Object -First 1
    if ($null -eq $certificate -or -not $certificate.HasPrivateKey) { return 'missing' }
    if ($certificate.NotAfter -lt $now -or $certificate.NotBefore -gt $now.AddDays(1)) { return 'expired' }
    return 'good'
}

function Find-CertificateFault {
    $bound = Get-BoundCertificateState
    if ($bound -eq 'good') { return }
    $wrong = @{ missing = 'BoundCertificateMissing'; expired = 'BoundCertificateExpired' }
    if ($bound -ne 'none') {
        Add-Finding -Cause 'rdp-certificate' -Code $wrong[$bound] -Detail 'the certificate bound to the listener cannot be used' -Data @{ thumbprint = ConvertTo-ValueText (Get-RegistryValue -Key $script:RdpTcp -Name 'SSLCertificateSHA1Hash') }
    }
    $certificates = @(Get-RdpCertificate)
    foreach ($certificate in $certificates) {
        $data = @{ thumbprint = $certificate.Thumbprint }
        if ($certificate.State -eq 'expired') {
            $data.notAfter = $certificate.NotAfter
            Add-Finding -Cause 'rdp-certificate' -Code 'CertificateExpired' -Detail 'the certificate of RDP is out of its time' -Data $data
        }
        elseif ($certificate.State -eq 'corrupt') {
            Add-Finding -Cause 'rdp-certificate' -Code 'CertificateCorrupt' -Detail 'the certificate of RDP cannot be parsed' -Data $data
        }
    }
    if ($certificates.Count -eq 0) {
        Add-Finding -Cause 'rdp-certificate' -Code 'CertificateMissing' -Detail 'RDP has no certificate'
    }
    elseif (-not (Test-Path -LiteralPath (Get-RdpKeyPath))) {
        Add-Finding -Cause 'rdp-certificate' -Code 'CertificateKeyMissing' -Detail 'the private key of the certificate of RDP is gone'
    }
}

function Get-RdpKeyPath {
    # Container TSSecKeySet1: the file name is its hash and the machine's GUID.
    $guid = [string](Get-RegistryValue -Key 'HKLM:\SOFTWARE\Microsoft\Cryptography' -Name 'MachineGuid')
    return $script:MachineKeys + '\f686aace6942fb7f7ceb231212eef4a4_' + $guid
}

function Test-Access {
    # Whether an account that is in these groups has all bits of a right. Deny wins. $null when nobody lets us look.
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string[]] $Sids,
        [Parameter(Mandatory)] [int] $Right
    )
    try { $rules = (Get-Acl -LiteralPath $Path).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier]) }
    catch { return $null }
    $granted = 0
    foreach ($rule in $rules) {
        # 2: inherit only, says nothing about the folder itself.
        if ($Sids -notcontains $rule.IdentityReference.Value -or ([int]$rule.PropagationFlags -band 2) -ne 0) { continue }
        $rights = [int]$rule.FileSystemRights
        # Generic all, read (the sign bit) and write, as some programs store them.
        if (($rights -band 0x10000000) -ne 0) { $rights = 3 }
        if ($rights -lt 0) { $rights = $rights -bor 1 }
        if (($rights -band 0x40000000) -ne 0) { $rights = $rights -bor 2 }
        $rights = $rights -band $Right
        if ([string]$rule.AccessControlType -eq 'Deny' -and $rights -ne 0) { return $false }
        if ([string]$rule.AccessControlType -eq 'Allow') { $granted = $granted -bor $rights }
    }
    return $granted -eq $Right
}

function Test-KeyPathAccess {
    # SYSTEM must read and write (it replaces the key), NETWORK SERVICE (TermService) must read.
    param([Parameter(Mandatory)] [string] $Path)
    $everyone = 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-545'
    $system = Test-Access -Path $Path -Sids (@($script:SidSystem, $script:SidAdministrators) + $everyone) -Right 3
    $service = Test-Access -Path $Path -Sids (@($script:SidNetworkService) + $everyone) -Right 1
    return $system -eq $true -and $service -eq $true
}

function Test-RdpKeyOpens {
    # Opens the existing key container as Windows would; a damaged file fails although it may be read.
    try {
        $container = New-Object System.Security.Cryptography.CspParameters 1, 'Microsoft Enhanced Cryptographic Provider v1.0', 'TSSecKeySet1'
        # UseMachineKeyStore and UseExistingKey: never makes a key.
        $container.Flags = 9
        $key = New-Object System.Security.Cryptography.RSACryptoServiceProvider $container
        $key.Dispose()
        return $true
    }
    catch {
        $reason = $_.Exception
        while ($null -ne $reason.InnerException) { $reason = $reason.InnerException }
        # NTE_BAD_DATA, NTE_BAD_KEY_STATE, NTE_BAD_KEYSET (although its file is there); anything else says nothing.
        return $reason.HResult -notin -2146893819, -2146893813, -2146893802
    }
}

function Get-OtherKeyWithoutAccess {
    # Keys of other software that not even SYSTEM may read: the same damage, on the same folder.
    $everyone = 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-545'
    $rdpKey = Get-RdpKeyPath
    foreach ($file in @(Get-ChildItem -LiteralPath $script:MachineKeys -Force -ErrorAction SilentlyContinue | Sort-Object Name)) {
        $path = $script:MachineKeys + '\' + $file.Name
        if ($path -eq $rdpKey) { continue }
        if ((Test-Access -Path $path -Sids (@($script:SidSystem, $script:SidAdministrators) + $everyone) -Right 1) -ne $true) { $path }
    }
}

function Find-MachineKeyFault {
    if (-not (Test-KeyPathAccess -Path $script:MachineKeys)) {
        Add-Finding -Cause 'machine-keys' -Code 'MachineKeysUnreadable' -Detail 'Windows cannot use the folder of the machine keys' -Data @{ what = 'folder' }
    }
    $rdpKey = Get-RdpKeyPath
    if (Test-Path -LiteralPath $rdpKey) {
        if (-not (Test-KeyPathAccess -Path $rdpKey)) {
            Add-Finding -Cause 'machine-keys' -Code 'MachineKeysUnreadable' -Detail 'the private key of RDP cannot be read' -Data @{ what = 'RDP key' }
        }
        elseif (-not (Test-RdpKeyOpens)) {
            Add-Finding -Cause 'machine-keys' -Code 'MachineKeyDamaged' -Detail 'the private key of RDP may be read but not opened'
        }
    }
    $others = @(Get-OtherKeyWithoutAccess)
    if ($others.Count -gt 0) {
        Add-Finding -Cause 'machine-keys' -Code 'OtherKeysUnreadable' -Severity warning -Detail 'keys of other software cannot be read either' -Data @{ count = $others.Count }
    }
}

function Find-TlsFault {
    # No key means the default of the Windows version: TLS 1.2 on. 1.0 and 1.1 switched off are no fault.
    $build = [int](Get-CimInstance -ClassName Win32_OperatingSystem).BuildNumber
    foreach ($version in 'TLS 1.2', 'TLS 1.3') {
        if ($version -eq 'TLS 1.3' -and $build -lt 20348) { continue }
        $severity = if ($version -eq 'TLS 1.2') { 'fault' } else { 'warning' }
        $server = Join-Path $script:SchannelProtocols "$version\Server"
        if ((Get-RegistryValue -Key $server -Name 'Enabled') -eq 0) {
            Add-Finding -Cause 'tls' -Code 'TlsServerDisabled' -Severity $severity -Detail 'the protocol is off for servers' -Data @{ protocol = $version }
        }
        $byDefault = Get-RegistryValue -Key $server -Name 'DisabledByDefault'
        if ($null -ne $byDefault -and $byDefault -ne 0) {
            Add-Finding -Cause 'tls' -Code 'TlsDisabledByDefault' -Severity $severity -Detail 'the protocol is offered only to a program that asks for it' -Data @{ protocol = $version }
        }
        if ((Get-RegistryValue -Key (Join-Path $script:SchannelProtocols "$version\Client") -Name 'Enabled') -eq 0) {
            Add-Finding -Code 'TlsClientDisabled' -Severity warning -Detail 'the protocol is off for clients on this VM' -Data @{ protocol = $version }
        }
    }
    $suites = Get-RegistryValue -Key $script:CipherPolicy -Name 'Functions'
    if ($null -ne $suites -and -not ((@($suites) -join ',') -match 'TLS_')) {
        Add-Finding -Cause 'tls' -Code 'CipherPolicyEmpty' -Detail 'the policy for cipher suites leaves none that RDP could use'
    }
    # The list of this Windows itself. What belongs into it differs by version: told, not guessed.
    $list = Get-RegistryValue -Key $script:CipherList -Name 'Functions'
    if ($null -ne $list -and -not ((@($list) -join ',') -match 'TLS_')) {
        Add-Finding -Code 'CipherListEmpty' -Severity warning -Detail 'the local list of cipher suites is empty: copy it from a VM of the same Windows'
    }
    $off = @(Get-DisabledAlgorithm)
    if ($off.Count -gt 0) {
        Add-Finding -Code 'SchannelAlgorithmsOff' -Severity warning -Detail 'algorithms that TLS 1.2 needs are switched off in SCHANNEL' -Data @{ algorithms = $off -join ', ' }
    }
    if ((Get-RegistryValue -Key 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\FIPSAlgorithmPolicy' -Name 'Enabled') -eq 1) {
        Add-Finding -Code 'FipsOn' -Severity warning -Detail 'FIPS mode is on: older clients find no common algorithm'
    }
}

function Get-DisabledAlgorithm {
    # Old ones are rightly off; these a client of today needs. Read from the items: a slash in the name of a key is
    # a separator to PowerShell's paths.
    $needed = 'AES 128/128', 'AES 256/256', 'SHA256', 'SHA384', 'ECDH', 'PKCS'
    foreach ($folder in 'Ciphers', 'Hashes', 'KeyExchangeAlgorithms') {
        $key = (Split-Path -Path $script:SchannelProtocols) + "\$folder"
        foreach ($item in @(Get-ChildItem -LiteralPath $key -ErrorAction SilentlyContinue)) {
            if ($needed -contains $item.PSChildName -and $item.GetValue('Enabled') -eq 0) { [string]$item.PSChildName }
        }
    }
}

function Find-GroupPolicyFault {
    $start = Get-RegistryValue -Key 'HKLM:\SYSTEM\CurrentControlSet\Services\gpsvc' -Name 'Start'
    if ($null -ne $start -and $start -ne 2) {
        Add-Finding -Cause 'tls' -Code 'GroupPolicyServiceDisabled' -Severity $script:GroupPolicySeverity -Detail 'the Group Policy service does not start by itself' -Data @{ start = [int]$start }
    }
}
# Diagnosis only tells: a repair of TLS may still need it off. The script group-policy makes it a fault.
$script:GroupPolicySeverity = 'warning'
