# rdp-medic-lib: seam-live
# The rest of the seam: what is asked of a Windows that runs, its files and its processes. See seam.ps1, of which it
# uses Invoke-Seam.
#region seam
function Read-Space {
    param([Parameter(Mandatory)] [string] $Root)
    Invoke-Seam { $drive = New-Object System.IO.DriveInfo $Root; New-Object PSObject -Property @{ Free = $drive.TotalFreeSpace; Size = $drive.TotalSize } }
}

function Read-KeyOpens {
    # Opens the container of RDP's own key as Windows would, never making one (flags: machine store, existing key).
    $opens = New-Object PSObject -Property @{ Opens = 'yes'; Code = [long]0 }
    try {
        $container = New-Object System.Security.Cryptography.CspParameters 1, 'Microsoft Enhanced Cryptographic Provider v1.0', 'TSSecKeySet1'
        $container.Flags = 9
        (New-Object System.Security.Cryptography.RSACryptoServiceProvider $container).Dispose()
    }
    catch {
        $opens.Code = Get-ErrorCode -Failure $_
        # NTE_BAD_DATA, NTE_BAD_KEY_STATE, NTE_BAD_KEYSET, NTE_KEYSET_ENTRY_BAD; anything else says nothing.
        $opens.Opens = $(if (('{0:X8}' -f $opens.Code) -in '80090005', '8009000B', '80090016', '8009001A') { 'no' } else { 'unknown' })
    }
    return $opens
}

function Read-Handshake {
    # Where a client's handshake with this machine ends: connect, negotiate, tls, done ([MS-RDPBCGR] 2.2.1.1).
    param([Parameter(Mandatory)] [int] $Port)
    $answer = New-Object PSObject -Property @{ Stage = 'connect'; Protocol = ''; Thumbprint = '' }
    $client = New-Object System.Net.Sockets.TcpClient
    try {
        $client.ReceiveTimeout = 10000
        $client.Connect('127.0.0.1', $Port)
        $answer.Stage = 'negotiate'
        $stream = $client.GetStream()
        # TPKT, X.224 connection request, negotiation request for TLS and CredSSP.
        $stream.Write([byte[]]@(3, 0, 0, 19, 14, 224, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0), 0, 19)
        $bytes = New-Object byte[] 19
        $length = 0
        while ($length -lt 19 -and ($read = $stream.Read($bytes, $length, 19 - $length)) -gt 0) { $length += $read }
        # Type 2 is an agreement, 3 a refusal; protocol 0 would be RDP security without TLS.
        if ($length -lt 19 -or $bytes[0] -ne 3 -or $bytes[5] -ne 208 -or $bytes[11] -ne 2 -or $bytes[15] -eq 0) { return $answer }
        $answer.Stage = 'tls'
        $tls = New-Object System.Net.Security.SslStream $stream, $false, { $true }
        # TLS 1.2 (3072), and 1.3 where this .NET knows it: its own default may be TLS 1.0 alone.
        $offered = $(if ([enum]::IsDefined([System.Security.Authentication.SslProtocols], 12288)) { 15360 } else { 3072 })
        $tls.AuthenticateAsClient('localhost', $null, [System.Security.Authentication.SslProtocols]$offered, $false)
        $answer.Protocol = [string]$tls.SslProtocol
        $answer.Thumbprint = [string]$tls.RemoteCertificate.GetCertHashString()
        $answer.Stage = 'done'
    }
    catch { $answer.Protocol = '' }
    finally { $client.Close() }
    return $answer
}

function Read-FileLength {
    param([Parameter(Mandatory)] [string] $Path)
    Invoke-Seam { (New-Object System.IO.FileInfo $Path).Length }
}

function Remove-Entry {
    # A file, or a folder with nothing in it; nothing happens where it is not there.
    param([Parameter(Mandatory)] [string] $Path)
    Invoke-Seam {
        if ([System.IO.File]::Exists($Path)) { [System.IO.File]::Delete($Path) }
        elseif ([System.IO.Directory]::Exists($Path)) { [System.IO.Directory]::Delete($Path) }
    }
}

function Read-FileVersion {
    param([Parameter(Mandatory)] [string] $Path)
    Invoke-Seam { [string][System.Diagnostics.FileVersionInfo]::GetVersionInfo($Path).ProductVersion }
}

function Read-ProcessStart {
    # $null when there is no such process, or it may not be asked.
    param([Parameter(Mandatory)] [int] $Id)
    try { return [System.Diagnostics.Process]::GetProcessById($Id).StartTime } catch { return $null }
}

function Stop-ProcessTree {
    param([Parameter(Mandatory)] [int] $Id)
    foreach ($child in @(Get-CimInstance -ClassName Win32_Process -ErrorAction Stop | Where-Object { $_.ParentProcessId -eq $Id })) { Stop-ProcessTree -Id $child.ProcessId }
    Invoke-Seam { [System.Diagnostics.Process]::GetProcessById($Id).Kill() }
}

function Read-Surroundings {
    # Of this process.
    return New-Object PSObject -Property @{ Is64Bit = [System.Environment]::Is64BitProcess; PowerShell = [string]$PSVersionTable.PSVersion }
}
#endregion seam
