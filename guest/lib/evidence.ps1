# What diagnosis gathers beside the causes: how the own listener answers, what was logged, whose clock is wrong, and
# what the settings are.

function Get-HandshakeStage {
    # Where a client's handshake ends: connect, negotiate, tls, or done ([MS-RDPBCGR] 2.2.1.1).
    param([Parameter(Mandatory)] [int] $Port)
    $stage = 'connect'
    $client = $null
    try {
        $client = New-Object System.Net.Sockets.TcpClient '127.0.0.1', $Port
        $stage = 'negotiate'
        $stream = $client.GetStream()
        $stream.ReadTimeout = 10000
        # TPKT, X.224 connection request, negotiation request for TLS and CredSSP.
        [byte[]]$request = 3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0
        $stream.Write($request, 0, $request.Length)
        $answer = New-Object byte[] 19
        $length = 0
        while ($length -lt 19) {
            $read = $stream.Read($answer, $length, 19 - $length)
            if ($read -eq 0) { break }
            $length += $read
        }
        # Type 2 is an agreement, 3 a refusal; protocol 0 would be RDP security without TLS.
        if ($length -lt 19 -or $answer[0] -ne 3 -or $answer[5] -ne 0xD0 -or $answer[11] -ne 2 -or $answer[15] -eq 0) { return $stage }
        $stage = 'tls'
        $tls = New-Object System.Net.Security.SslStream $stream, $false, { $true }
        $tls.AuthenticateAsClient('localhost')
        Write-Information "own handshake: $($tls.SslProtocol)"
        return 'done'
    }
    catch {
        Write-Information "own handshake ended at ${stage}: $($_.Exception.Message)"
        return $stage
    }
    finally { if ($null -ne $client) { $client.Dispose() } }
}

function Find-FailedLogon {
    # Bounded: reading a full log is slow. With NLA the address may be "-", so workstations are counted as well.
    $since = (Get-Date).AddHours(-24)
    $events = @(Get-WinEvent -FilterHashtable @{ LogName = 'Security'; Id = 4625; StartTime = $since } -MaxEvents 1000 -ErrorAction SilentlyContinue)
    if ($events.Count -eq 0) { return }
    $data = [ordered]@{ count = $events.Count; hours = 24 }
    # Position in the event's data: 13 workstation, 19 address.
    foreach ($field in @{ Name = 'workstations'; Index = 13 }, @{ Name = 'sources'; Index = 19 }) {
        $groups = @($events | ForEach-Object { [string]$_.Properties[$field.Index].Value } | Group-Object |
                Sort-Object -Property @{ Expression = 'Count'; Descending = $true }, 'Name' | Select-Object -First 5)
        $data[$field.Name] = @($groups | ForEach-Object { "$($_.Name) ($($_.Count))" }) -join ', '
    }
    Add-Finding -Severity info -Code 'FailedLogons' -Detail 'logons failed: the VM may be under attack' -Data $data
}

function Find-LoggedError {
    # Evidence only: scanners and broken networks write the same events.
    $since = (Get-Date).AddHours(-24)
    $filter = @{ LogName = 'System'; Id = 36870, 36871, 36874, 1050, 1051, 1057, 1058, 56; StartTime = $since }
    $events = @(Get-WinEvent -FilterHashtable $filter -MaxEvents 200 -ErrorAction SilentlyContinue)
    if ($events.Count -eq 0) { return }
    $events | Select-Object -First 20 | ForEach-Object { Write-Information "event $($_.Id) $($_.ProviderName): $($_.Message)" }
    $counts = @($events | Group-Object Id | Sort-Object { [int]$_.Name } | ForEach-Object { "$($_.Name) ($($_.Count))" })
    Add-Finding -Severity info -Code 'LoggedErrors' -Detail 'Windows logged errors of RDP or TLS' -Data @{ events = $counts -join ', ' }
}

function Find-ClockSkew {
    # The host's clock, from the date of an answer of the instance metadata service. No answer: nothing to say.
    try {
        $answer = Invoke-WebRequest -Uri 'http://169.254.169.254/metadata/versions' -Headers @{ Metadata = 'true' } -UseBasicParsing -TimeoutSec 5
        $date = [DateTime]::Parse([string]@($answer.Headers['Date'])[0], [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::AdjustToUniversal)
    }
    catch { return }
    $seconds = [int][Math]::Round(((Get-Date).ToUniversalTime() - $date).TotalSeconds)
    if ([Math]::Abs($seconds) -gt 300) {
        Add-Finding -Severity warning -Code 'ClockSkew' -Detail 'the clock is wrong: certificates and logons depend on it' -Data @{ seconds = $seconds }
    }
}

function Format-RegistryValue {
    # `name=value` of each, with - for one that is not there.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string[]] $Name)
    $texts = foreach ($one in $Name) {
        $text = ConvertTo-ValueText (Get-RegistryValue -Key $Key -Name $one)
        if ($null -eq $text) { "$one=-" } else { "$one=$text" }
    }
    return @($texts) -join ' '
}

function Set-SettingFact {
    # What the settings are, right or wrong: whoever reads the report need not ask Windows again.
    $listener = @(
        Format-RegistryValue -Key $script:TerminalServer -Name 'fDenyTSConnections'
        Format-RegistryValue -Key $script:RdpTcp -Name 'PortNumber', 'fEnableWinStation', 'UserAuthentication', 'SecurityLayer', 'fAllowSecProtocolNegotiation', 'MinEncryptionLevel'
    )
    Set-Fact -Name 'listener' -Value ($listener -join ' ')

    $certificates = @(Get-RdpCertificate | ForEach-Object { "$($_.State) $($_.NotAfter)".TrimEnd() })
    Set-Fact -Name 'certificates' -Value ("bound: $(Get-BoundCertificateState); own: " + ($certificates -join ', '))

    $services = foreach ($name in 'TermService', 'SessionEnv', 'UmRdpService', 'gpsvc') {
        $service = Get-ServiceInfo -Name $name
        if ($null -eq $service) { "$name=missing" } else { "$name=$($service.State)/$($service.StartMode)" }
    }
    Set-Fact -Name 'services' -Value (@($services) -join ' ')

    # Only what is set: the rest is the default of this Windows.
    $protocols = foreach ($version in 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3') {
        foreach ($side in 'Server', 'Client') {
            $key = $script:SchannelProtocols + "\$version\$side"
            if (Test-Path -LiteralPath $key) { "$version $side " + (Format-RegistryValue -Key $key -Name 'Enabled', 'DisabledByDefault') }
        }
    }
    foreach ($protocol in @($protocols)) { Write-Information "schannel: $protocol" }
    $off = @(@($protocols) | Where-Object { $_ -match 'Enabled=0 |DisabledByDefault=[^0-]' } | ForEach-Object { $_ -replace ' Enabled=.*$', '' })
    Set-Fact -Name 'protocolsOff' -Value ($off -join ', ')
}

function Find-PolicyValue {
    # Values of Group Policy that win over the local ones, whatever they say, with the object they come from.
    $values = @(
        @{ Key = $script:TsPolicy; Names = 'fDenyTSConnections', 'SecurityLayer', 'UserAuthentication', 'MinEncryptionLevel', 'CertTemplateName' },
        @{ Key = $script:CipherPolicy; Names = @('Functions') }
    )
    $data = [ordered]@{}
    foreach ($value in $values) {
        foreach ($name in $value.Names) {
            $text = ConvertTo-ValueText (Get-RegistryValue -Key $value.Key -Name $name)
            if ($null -eq $text) { continue }
            if ($text.Length -gt 80) { $text = $text.Substring(0, 80) }
            $data[$name] = "$text ($(Get-PolicySource -Key $value.Key -Name $name))"
        }
    }
    if ($data.Count -gt 0) { Add-Finding -Severity info -Code 'PolicyValues' -Detail 'policies set these values, whatever the local ones say' -Data $data }
}
