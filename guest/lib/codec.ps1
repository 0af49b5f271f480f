# rdp-medic-lib: codec
# Bytes and text: what needs .NET but nothing of Windows, and so runs everywhere for real. Beside seam.ps1 the only file
# that calls .NET.

function Write-Line {
    # One line for people, or the result. [Console], because Windows PowerShell 4.0 has no Write-Information and a
    # function's output is its value. Control characters are what a line may not have.
    param([AllowEmptyString()] [string] $Text = '', [switch] $AsError)
    $line = [regex]::Replace($Text, '[\x00-\x1f\x7f]', ' ')
    if ($AsError) { [Console]::Error.WriteLine($line) } else { [Console]::Out.WriteLine($line) }
}

function ConvertTo-Base64 {
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [byte[]] $Bytes)
    return [Convert]::ToBase64String($Bytes)
}

function Compress-Text {
    # UTF-8 through gzip. Its stream is closed before the bytes are counted: the end is written only then.
    param([Parameter(Mandatory)] [string] $Text)
    $bytes = [Text.Encoding]::UTF8.GetBytes($Text)
    $target = New-Object System.IO.MemoryStream
    $gzip = New-Object System.IO.Compression.GZipStream $target, ([IO.Compression.CompressionMode]::Compress)
    $gzip.Write($bytes, 0, $bytes.Length)
    $gzip.Dispose()
    return , $target.ToArray()
}

function Expand-Text {
    # The way back, with a bound: throws when more than so many bytes come out.
    param([Parameter(Mandatory)] [string] $Base64, [int] $MaxBytes = 65536)
    $source = New-Object System.IO.MemoryStream (, [Convert]::FromBase64String($Base64))
    $gzip = New-Object System.IO.Compression.GZipStream $source, ([IO.Compression.CompressionMode]::Decompress)
    try {
        $bytes = New-Object byte[] ($MaxBytes + 1)
        $length = 0
        while ($length -le $MaxBytes -and ($read = $gzip.Read($bytes, $length, $bytes.Length - $length)) -gt 0) { $length += $read }
        if ($length -gt $MaxBytes) { throw "ParameterInvalid: more than $MaxBytes bytes" }
        return [Text.Encoding]::UTF8.GetString($bytes, 0, $length)
    }
    finally { $gzip.Dispose() }
}

function Get-Sha256 {
    # Upper-case hex.
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [byte[]] $Bytes)
    # The one that a Windows in FIPS mode allows.
    $algorithm = New-Object System.Security.Cryptography.SHA256CryptoServiceProvider
    try { return [BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '') } finally { $algorithm.Dispose() }
}

function Get-TextHash {
    # Of UTF-8 text (`changes`), or of UTF-16LE (-Wide: a name, upper-cased by the caller's wish).
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text, [switch] $Wide)
    if ($Wide) { return Get-Sha256 -Bytes ([Text.Encoding]::Unicode.GetBytes($Text)) }
    return Get-Sha256 -Bytes ([Text.Encoding]::UTF8.GetBytes($Text))
}

function Get-UpperInvariant {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text)
    return $Text.ToUpperInvariant()
}

function ConvertTo-AsciiJson {
    # On one line, all that is not ASCII escaped: the console's code page survives nothing else.
    param([Parameter(Mandatory)] [object] $Value)
    $json = ConvertTo-Json -InputObject $Value -Compress -Depth 12
    return [regex]::Replace($json, '[^\x20-\x7e]', { param($match) '\u{0:x4}' -f [int][char]$match.Value })
}

function ConvertTo-Hex {
    # Lower case.
    param([AllowNull()] [AllowEmptyCollection()] [byte[]] $Bytes)
    if ($null -eq $Bytes -or $Bytes.Length -eq 0) { return '' }
    return [BitConverter]::ToString($Bytes).Replace('-', '').ToLowerInvariant()
}

function ConvertFrom-Hex {
    # As one large number: byte by byte a store of 400 certificates takes ten seconds. The leading 1 keeps zeros.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Hex)
    $number = [bigint]::Parse("01$Hex", [Globalization.NumberStyles]::AllowHexSpecifier, [Globalization.CultureInfo]::InvariantCulture)
    $reversed = $number.ToByteArray()
    $bytes = New-Object byte[] ($reversed.Length - 1)
    [Array]::Copy($reversed, 0, $bytes, 0, $bytes.Length)
    [Array]::Reverse($bytes)
    return , $bytes
}

function ConvertFrom-RegistryBytes {
    # A registry value from its type and bytes (winnt.h, REG_*). One whose bytes do not fit is Malformed.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Name, [Parameter(Mandatory)] [int] $Type, [Parameter(Mandatory)] [AllowEmptyCollection()] [byte[]] $Bytes)
    $kind = 'Other'
    $data = ConvertTo-Hex -Bytes $Bytes
    switch ($Type) {
        3 { $kind = 'Binary' }
        4 { if ($Bytes.Length -eq 4) { $kind = 'DWord'; $data = [long][BitConverter]::ToUInt32($Bytes, 0) } else { $kind = 'Malformed' } }
        11 { if ($Bytes.Length -eq 8) { $kind = 'QWord'; $data = [string][BitConverter]::ToUInt64($Bytes, 0) } else { $kind = 'Malformed' } }
        { $_ -in 1, 2 } {
            # Up to the first zero, as Windows reads it.
            $kind = @{ 1 = 'String'; 2 = 'ExpandString' }[$Type]
            $data = ([Text.Encoding]::Unicode.GetString($Bytes, 0, $Bytes.Length - $Bytes.Length % 2) -split "`0")[0]
        }
        7 {
            $kind = 'MultiString'
            # The list ends at an empty text; the last may lack its zero.
            $data = New-Object System.Collections.ArrayList
            foreach ($text in ([Text.Encoding]::Unicode.GetString($Bytes, 0, $Bytes.Length - $Bytes.Length % 2) -split "`0")) {
                if ($text -eq '') { break }
                [void]$data.Add($text)
            }
            $data = [string[]]$data.ToArray()
        }
    }
    return New-Object PSObject -Property @{ Name = $Name; Kind = $kind; Data = $data }
}

function ConvertTo-RegistryData {
    # What RegistryKey.SetValue wants: a DWORD as Int32, whatever it is as an unsigned number.
    param([Parameter(Mandatory)] [string] $Kind, [Parameter(Mandatory)] [AllowEmptyString()] [AllowEmptyCollection()] [object] $Data)
    switch ($Kind) {
        'DWord' { return [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]$Data), 0) }
        'QWord' { return [BitConverter]::ToInt64([BitConverter]::GetBytes([uint64]$Data), 0) }
        'MultiString' { return , [string[]]@($Data) }
        'Binary' { return , (ConvertFrom-Hex -Hex $Data) }
    }
    return [string]$Data
}

function Format-Moment {
    # UTC, ISO 8601, whole seconds; $null stays it.
    param([AllowNull()] [object] $Time)
    if ($null -eq $Time) { return $null }
    return ([DateTime]$Time).ToUniversalTime().ToString('yyyy-MM-dd\THH:mm:ss\Z', [Globalization.CultureInfo]::InvariantCulture)
}

function ConvertFrom-HttpDate {
    param([Parameter(Mandatory)] [string] $Text)
    return [DateTime]::Parse($Text, [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::AdjustToUniversal)
}

function Get-ErrorCode {
    # Win32 error or HRESULT of what was thrown, as an unsigned number. Commands of CDXML modules have it in the id of their
    # errors alone: "Windows System Error 5,Set-NetFirewallRule", "HRESULT 0x80070005,...".
    param([Parameter(Mandatory)] [object] $Failure)
    if ($Failure.FullyQualifiedErrorId -match '^Windows System Error (\d{1,9}),') { return [long]$Matches[1] }
    if ($Failure.FullyQualifiedErrorId -match '^HRESULT 0x8007([0-9a-fA-F]{4}),') { return [long]"0x$($Matches[1])" }
    $reason = $Failure.Exception
    while ($null -ne $reason.InnerException) { $reason = $reason.InnerException }
    $code = $(if ($reason -is [System.ComponentModel.Win32Exception]) { $reason.NativeErrorCode } else { $reason.HResult })
    $code = ([long]$code) -band 4294967295
    # A Win32 error inside of an HRESULT.
    if (($code -band 4294901760) -eq 2147942400) { return $code -band 65535 }
    return $code
}

function Get-ErrorText {
    param([Parameter(Mandatory)] [object] $Failure, [int] $Most = 256)
    $reason = $Failure.Exception
    while ($null -ne $reason.InnerException) { $reason = $reason.InnerException }
    $text = [string]$reason.Message
    if ($text.Length -gt $Most) { $text = $text.Substring(0, $Most) }
    return $text
}

function Clear-Handle {
    # Lets go what .NET still holds open of a key or a file.
    [GC]::Collect()
    [GC]::WaitForPendingFinalizers()
}

function Get-CultureName {
    # `de-DE` from a language's number in hex, as the registry has it (0407); '' for one that is not known.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Hex)
    if ($Hex -notmatch '^[0-9A-Fa-f]{4}$') { return '' }
    try { return [Globalization.CultureInfo]::GetCultureInfo([Convert]::ToInt32($Hex, 16)).Name } catch { return '' }
}
