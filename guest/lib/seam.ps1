# rdp-medic-lib: seam
# Every call that leaves PowerShell for .NET's or Windows' own functions and touches this machine: nothing else in
# guest/ does. What Windows refuses is thrown as a Win32Exception with Windows' code. In the lab the functions between
# the two marks are cut out, and functions of the same names speak for the lab's Windows.
#region seam
function New-NativeError {
    # The Win32 code behind whatever .NET made of it.
    param([Parameter(Mandatory)] [object] $Failure)
    $reason = $Failure.Exception
    while ($null -ne $reason.InnerException) { $reason = $reason.InnerException }
    if ($reason -is [System.ComponentModel.Win32Exception]) { return $reason }
    $code = $reason.HResult
    if ($reason -is [System.Security.SecurityException] -or $reason -is [System.UnauthorizedAccessException]) { $code = 5 }
    elseif (($code -band 0xFFFF0000L) -eq 0x80070000L) { $code = $code -band 0xFFFF }
    return New-Object System.ComponentModel.Win32Exception $code, $reason.Message
}

function Get-Native {
    # Three functions of Windows that .NET does not offer, made in memory: Add-Type would start a compiler, which
    # writes to the disk and may be forbidden.
    if ($null -ne $script:Native) { return $script:Native }
    $name = New-Object System.Reflection.AssemblyName 'RdpMedicNative'
    $module = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, 'Run').DefineDynamicModule('RdpMedicNative')
    $type = $module.DefineType('RdpMedicNative', 'Public')
    $import = [System.Runtime.InteropServices.DllImportAttribute]
    $handle = [Microsoft.Win32.SafeHandles.SafeRegistryHandle]
    $reference = [int].MakeByRefType()
    foreach ($function in
        @('advapi32.dll', 'RegQueryValueExW', [int], @($handle, [string], [IntPtr], $reference, [byte[]], $reference)),
        @('advapi32.dll', 'GetFileSecurityW', [bool], @([string], [int], [byte[]], [int], $reference)),
        @('ntdll.dll', 'RtlAdjustPrivilege', [int], @([int], [bool], [bool], $reference))) {
        $method = $type.DefineMethod($function[1], 'Public, Static', $function[2], [type[]]$function[3])
        $fields = [System.Reflection.FieldInfo[]]@($import.GetField('SetLastError'), $import.GetField('CharSet'))
        $constructor = $import.GetConstructor([type[]]@([string]))
        $values = [object[]]@($true, [System.Runtime.InteropServices.CharSet]::Unicode)
        $method.SetCustomAttribute((New-Object System.Reflection.Emit.CustomAttributeBuilder $constructor, ([object[]]@($function[0])), $fields, $values))
    }
    $script:Native = $type.CreateType()
    return $script:Native
}
$script:Native = $null

function Open-RegistryKey {
    # $null when it is not there. The 64-bit view, whatever this process is.
    param([Parameter(Mandatory)] [string] $Path, [bool] $Writable = $false)
    try { return [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64').OpenSubKey($Path, $Writable) }
    catch { throw (New-NativeError $_) }
}

function Read-RegistryKey {
    # Values (all, or those named) and names of the keys below; $null when the key is not there.
    param([Parameter(Mandatory)] [string] $Path, [string[]] $Names = @())
    $key = Open-RegistryKey -Path $Path
    if ($null -eq $key) { return $null }
    try {
        $wanted = @($key.GetValueNames() | Where-Object { $Names.Count -eq 0 -or $Names -contains $_ })
        $values = @(foreach ($name in $wanted) { Read-RegistryRaw -Key $key -Name $name })
        return New-Object PSObject -Property @{ Values = $values; Subkeys = @($key.GetSubKeyNames()) }
    }
    catch { throw (New-NativeError $_) }
    finally { $key.Close() }
}

function Read-RegistryRaw {
    # One value by its bytes: .NET hides it when they do not fit their kind.
    param([Parameter(Mandatory)] [object] $Key, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name)
    $native = Get-Native
    $type = 0
    $length = 0
    $code = $native::RegQueryValueExW($Key.Handle, $Name, [IntPtr]::Zero, [ref]$type, $null, [ref]$length)
    $bytes = New-Object byte[] $length
    if ($code -eq 0 -and $length -gt 0) { $code = $native::RegQueryValueExW($Key.Handle, $Name, [IntPtr]::Zero, [ref]$type, $bytes, [ref]$length) }
    if ($code -ne 0) { throw (New-Object System.ComponentModel.Win32Exception $code) }
    return ConvertFrom-RegistryBytes -Name $Name -Type $type -Bytes $bytes
}

function Write-RegistryValue {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name,
        [Parameter(Mandatory)] [ValidateSet('DWord', 'QWord', 'String', 'ExpandString', 'MultiString', 'Binary')] [string] $Kind,
        [Parameter(Mandatory)] [AllowEmptyString()] [AllowEmptyCollection()] [object] $Data)
    $key = $null
    try {
        $key = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64').CreateSubKey($Path)
        $key.SetValue($Name, (ConvertTo-RegistryData -Kind $Kind -Data $Data), $Kind)
    }
    catch { throw (New-NativeError $_) }
    finally { if ($null -ne $key) { $key.Close() } }
}

function Remove-RegistryValue {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name)
    $key = Open-RegistryKey -Path $Path -Writable $true
    if ($null -eq $key) { return }
    try { $key.DeleteValue($Name, $false) } catch { throw (New-NativeError $_) } finally { $key.Close() }
}

function Remove-RegistryKey {
    param([Parameter(Mandatory)] [string] $Path)
    try { [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64').DeleteSubKeyTree($Path, $false) }
    catch { throw (New-NativeError $_) }
}

function Read-EntryKind {
    # What may not be seen counts as none.
    param([Parameter(Mandatory)] [string] $Path)
    if ([System.IO.File]::Exists($Path)) { return 'file' }
    if ([System.IO.Directory]::Exists($Path)) { return 'folder' }
    return 'none'
}

function Read-FileLength {
    param([Parameter(Mandatory)] [string] $Path)
    try { return (New-Object System.IO.FileInfo $Path).Length } catch { throw (New-NativeError $_) }
}

function Read-FileVersion {
    param([Parameter(Mandatory)] [string] $Path)
    try { return [string][System.Diagnostics.FileVersionInfo]::GetVersionInfo($Path).ProductVersion } catch { throw (New-NativeError $_) }
}

function Read-FileCount {
    # Up to 10,000: a folder of machine keys may hold hundreds of thousands.
    param([Parameter(Mandatory)] [string] $Path)
    $count = 0
    try { foreach ($file in [System.IO.Directory]::EnumerateFiles($Path)) { if (++$count -ge 10000) { break } } }
    catch { throw (New-NativeError $_) }
    return $count
}

function Read-Descriptor {
    # Owner (1) and DACL (4). Code 5: it is there but may not be looked at, or cannot even be told.
    param([Parameter(Mandatory)] [string] $Path)
    $length = 0
    $null = (Get-Native)::GetFileSecurityW($Path, 5, $null, 0, [ref]$length)
    $bytes = New-Object byte[] $length
    if ($length -eq 0 -or -not (Get-Native)::GetFileSecurityW($Path, 5, $bytes, $length, [ref]$length)) {
        throw (New-Object System.ComponentModel.Win32Exception ([System.Runtime.InteropServices.Marshal]::GetLastWin32Error()))
    }
    $descriptor = New-Object System.Security.AccessControl.RawSecurityDescriptor $bytes, 0
    return New-Object PSObject -Property @{ Owner = [string]$descriptor.Owner; Sddl = $descriptor.GetSddlForm('Access') }
}

function Write-Owner {
    # With the privileges to take ownership (9) and to give it away (18), whatever the entries say.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Sid)
    $before = 0
    foreach ($privilege in 9, 18) { $null = (Get-Native)::RtlAdjustPrivilege($privilege, $true, $false, [ref]$before) }
    $security = New-Object System.Security.AccessControl.DirectorySecurity
    $security.SetOwner((New-Object System.Security.Principal.SecurityIdentifier $Sid))
    try { [System.IO.Directory]::SetAccessControl($Path, $security) } catch { throw (New-NativeError $_) }
}

function Write-Descriptor {
    # Replaces the entries; the owner stays.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Sddl)
    $security = New-Object System.Security.AccessControl.DirectorySecurity
    try {
        $security.SetSecurityDescriptorSddlForm($Sddl, 'Access')
        [System.IO.Directory]::SetAccessControl($Path, $security)
    }
    catch { throw (New-NativeError $_) }
}

function Add-Access {
    # An entry for the file or folder itself; what is in a folder does not inherit it.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Sid, [Parameter(Mandatory)] [ValidateSet('F', 'R')] [string] $Rights)
    $account = New-Object System.Security.Principal.SecurityIdentifier $Sid
    $granted = @{ F = 'FullControl'; R = 'Read, Synchronize' }[$Rights]
    try {
        $security = New-Object System.Security.AccessControl.DirectorySecurity $Path, 'Access'
        $security.AddAccessRule((New-Object System.Security.AccessControl.FileSystemAccessRule $account, $granted, 'None', 'None', 'Allow'))
        [System.IO.Directory]::SetAccessControl($Path, $security)
    }
    catch { throw (New-NativeError $_) }
}

function Remove-Denial {
    # Drops the own entries that deny; inherited ones stand above.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Sid)
    try {
        $security = New-Object System.Security.AccessControl.DirectorySecurity $Path, 'Access'
        foreach ($rule in @($security.GetAccessRules($true, $false, [System.Security.Principal.SecurityIdentifier]))) {
            if ([string]$rule.AccessControlType -eq 'Deny' -and $rule.IdentityReference.Value -eq $Sid) { $security.RemoveAccessRuleSpecific($rule) }
        }
        [System.IO.Directory]::SetAccessControl($Path, $security)
    }
    catch { throw (New-NativeError $_) }
}

function New-Folder {
    param([Parameter(Mandatory)] [string] $Path)
    try { $null = [System.IO.Directory]::CreateDirectory($Path) } catch { throw (New-NativeError $_) }
}

function Move-Entry {
    param([Parameter(Mandatory)] [string] $From, [Parameter(Mandatory)] [string] $To)
    try { [System.IO.Directory]::Move($From, $To) } catch { throw (New-NativeError $_) }
}

function Copy-Entry {
    param([Parameter(Mandatory)] [string] $From, [Parameter(Mandatory)] [string] $To)
    try { [System.IO.File]::Copy($From, $To, $true) } catch { throw (New-NativeError $_) }
}

function Read-KeyOpens {
    # Opens the container of RDP's own key as Windows would, never making one (flags: machine store, existing key).
    try {
        $container = New-Object System.Security.Cryptography.CspParameters 1, 'Microsoft Enhanced Cryptographic Provider v1.0', 'TSSecKeySet1'
        $container.Flags = 9
        (New-Object System.Security.Cryptography.RSACryptoServiceProvider $container).Dispose()
        return New-Object PSObject -Property @{ Opens = 'yes'; Code = 0 }
    }
    catch {
        $reason = $_.Exception
        while ($null -ne $reason.InnerException) { $reason = $reason.InnerException }
        $code = [long]$reason.HResult -band 0xFFFFFFFFL
        # NTE_BAD_DATA, NTE_BAD_KEY_STATE, NTE_BAD_KEYSET, NTE_KEYSET_ENTRY_BAD; anything else says nothing.
        $opens = $(if ($code -in 0x80090005L, 0x8009000BL, 0x80090016L, 0x8009001AL) { 'no' } else { 'unknown' })
        return New-Object PSObject -Property @{ Opens = $opens; Code = $code }
    }
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
        [byte[]]$request = 3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0
        $stream.Write($request, 0, $request.Length)
        $bytes = New-Object byte[] 19
        $length = 0
        while ($length -lt 19 -and ($read = $stream.Read($bytes, $length, 19 - $length)) -gt 0) { $length += $read }
        # Type 2 is an agreement, 3 a refusal; protocol 0 would be RDP security without TLS.
        if ($length -lt 19 -or $bytes[0] -ne 3 -or $bytes[5] -ne 0xD0 -or $bytes[11] -ne 2 -or $bytes[15] -eq 0) { return $answer }
        $answer.Stage = 'tls'
        $tls = New-Object System.Net.Security.SslStream $stream, $false, { $true }
        # TLS 1.2, and 1.3 where this .NET knows it: its own default may be TLS 1.0 alone.
        $offered = 3072
        if ([enum]::IsDefined([System.Security.Authentication.SslProtocols], 12288)) { $offered = 15360 }
        $tls.AuthenticateAsClient('localhost', $null, [System.Security.Authentication.SslProtocols]$offered, $false)
        $answer.Protocol = [string]$tls.SslProtocol
        $answer.Thumbprint = [string]$tls.RemoteCertificate.GetCertHashString()
        $answer.Stage = 'done'
    }
    catch { $answer.Protocol = '' }
    finally { $client.Close() }
    return $answer
}

function Read-Space {
    param([Parameter(Mandatory)] [string] $Root)
    try { $drive = New-Object System.IO.DriveInfo $Root; return New-Object PSObject -Property @{ Free = $drive.TotalFreeSpace; Size = $drive.TotalSize } }
    catch { throw (New-NativeError $_) }
}

function Read-ProcessStart {
    # $null when there is no such process, or it may not be asked.
    param([Parameter(Mandatory)] [int] $Id)
    try { return [System.Diagnostics.Process]::GetProcessById($Id).StartTime } catch { return $null }
}

function Stop-ProcessTree {
    param([Parameter(Mandatory)] [int] $Id)
    foreach ($child in @(Get-CimInstance -ClassName Win32_Process | Where-Object { $_.ParentProcessId -eq $Id })) { Stop-ProcessTree -Id $child.ProcessId }
    try { [System.Diagnostics.Process]::GetProcessById($Id).Kill() } catch { throw (New-NativeError $_) }
}

function Read-Surroundings {
    # Of this process.
    return New-Object PSObject -Property @{
        Is64Bit = [System.Environment]::Is64BitProcess
        PowerShell = [string]$PSVersionTable.PSVersion
        Language = [string][System.Globalization.CultureInfo]::InstalledUICulture.Name
        Computer = [System.Environment]::MachineName
    }
}
#endregion seam
