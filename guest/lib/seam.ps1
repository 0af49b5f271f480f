# rdp-medic-lib: seam
# Every call that leaves PowerShell for .NET's or Windows' own functions and touches this machine: nothing else in
# guest/ does. What Windows refuses is thrown as a Win32Exception with Windows' code. In the lab the functions between
# the two marks are cut out, and functions of the same names speak for the lab's Windows.
#region seam
$script:Native = $null
function Invoke-Seam {
    # Runs it; whatever .NET makes of a refusal becomes a Win32Exception with Windows' code.
    param([Parameter(Mandatory)] [scriptblock] $Act)
    try { & $Act }
    catch {
        $reason = $_.Exception
        while ($null -ne $reason.InnerException) { $reason = $reason.InnerException }
        if ($reason -is [System.ComponentModel.Win32Exception]) { throw $reason }
        $code = $reason.HResult
        if ($reason -is [System.Security.SecurityException] -or $reason -is [System.UnauthorizedAccessException]) { $code = 5 }
        elseif (('{0:X8}' -f $code) -like '8007*') { $code = $code -band 65535 }
        throw (New-Object System.ComponentModel.Win32Exception $code, $reason.Message)
    }
}

function Get-Native {
    # Three functions of Windows that .NET does not offer, made in memory: Add-Type would start a compiler, which
    # writes to the disk and may be forbidden.
    if ($null -ne $script:Native) { return $script:Native }
    $name = New-Object System.Reflection.AssemblyName 'RdpMedicNative'
    $module = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, 'Run').DefineDynamicModule('RdpMedicNative')
    $type = $module.DefineType('RdpMedicNative', 'Public')
    $import = [System.Runtime.InteropServices.DllImportAttribute]
    $fields = [System.Reflection.FieldInfo[]]@($import.GetField('SetLastError'), $import.GetField('CharSet'))
    $values = [object[]]@($true, [System.Runtime.InteropServices.CharSet]::Unicode)
    $number = [int].MakeByRefType()
    foreach ($function in
        @('advapi32.dll', 'RegQueryValueExW', [int], @([Microsoft.Win32.SafeHandles.SafeRegistryHandle], [string], [IntPtr], $number, [byte[]], $number)),
        @('advapi32.dll', 'GetFileSecurityW', [bool], @([string], [int], [byte[]], [int], $number)),
        @('ntdll.dll', 'RtlAdjustPrivilege', [int], @([int], [bool], [bool], $number))) {
        $method = $type.DefineMethod($function[1], 'Public, Static, PinvokeImpl', $function[2], [type[]]$function[3])
        $method.SetCustomAttribute((New-Object System.Reflection.Emit.CustomAttributeBuilder ($import.GetConstructor([type[]]@([string]))), ([object[]]@($function[0])), $fields, $values))
    }
    $script:Native = $type.CreateType()
    return $script:Native
}

function Open-LocalMachine {
    return [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
}

function Read-RegistryKey {
    # Values (all, or those named) and names of the keys below; $null when the key is not there.
    param([Parameter(Mandatory)] [string] $Path, [string[]] $Names = @())
    Invoke-Seam {
        $key = (Open-LocalMachine).OpenSubKey($Path)
        if ($null -eq $key) { return $null }
        try {
            $wanted = @($key.GetValueNames() | Where-Object { $Names.Count -eq 0 -or $Names -contains $_ })
            $values = @(foreach ($name in $wanted) { Read-RegistryRaw -Key $key -Name $name })
            return New-Object PSObject -Property @{ Values = $values; Subkeys = @($key.GetSubKeyNames()) }
        }
        finally { $key.Close() }
    }
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
    Invoke-Seam {
        $key = (Open-LocalMachine).CreateSubKey($Path)
        try { $key.SetValue($Name, (ConvertTo-RegistryData -Kind $Kind -Data $Data), $Kind) } finally { $key.Close() }
    }
}

function Remove-RegistryValue {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name)
    Invoke-Seam {
        $key = (Open-LocalMachine).OpenSubKey($Path, $true)
        if ($null -eq $key) { return }
        try { $key.DeleteValue($Name, $false) } finally { $key.Close() }
    }
}

function Remove-RegistryKey {
    param([Parameter(Mandatory)] [string] $Path)
    Invoke-Seam { (Open-LocalMachine).DeleteSubKeyTree($Path, $false) }
}

function Read-EntryKind {
    # What may not be seen counts as none.
    param([Parameter(Mandatory)] [string] $Path)
    if ([System.IO.File]::Exists($Path)) { return 'file' }
    if ([System.IO.Directory]::Exists($Path)) { return 'folder' }
    return 'none'
}

function Read-FileCount {
    # Up to 10,000: a folder of machine keys may hold hundreds of thousands.
    param([Parameter(Mandatory)] [string] $Path)
    Invoke-Seam {
        $count = 0
        foreach ($file in [System.IO.Directory]::EnumerateFiles($Path)) { if (++$count -ge 10000) { break } }
        $count
    }
}

function Read-Descriptor {
    # Owner (1) and DACL (4). Code 5: it is there but may not be looked at, or not even that can be told.
    param([Parameter(Mandatory)] [string] $Path)
    $native = Get-Native
    $length = 0
    $done = $native::GetFileSecurityW($Path, 5, $null, 0, [ref]$length)
    $code = [System.Runtime.InteropServices.Marshal]::GetLastWin32Error()
    $bytes = New-Object byte[] $length
    if ($length -gt 0) {
        $done = $native::GetFileSecurityW($Path, 5, $bytes, $length, [ref]$length)
        $code = [System.Runtime.InteropServices.Marshal]::GetLastWin32Error()
    }
    if (-not $done) { throw (New-Object System.ComponentModel.Win32Exception $code) }
    $descriptor = New-Object System.Security.AccessControl.RawSecurityDescriptor $bytes, 0
    return New-Object PSObject -Property @{ Owner = [string]$descriptor.Owner; Sddl = $descriptor.GetSddlForm('Access') }
}

function Write-Owner {
    # With the privileges to take ownership (9) and to give it away (18), whatever the entries say.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Sid)
    $native = Get-Native
    $before = 0
    foreach ($privilege in 9, 18) { $null = $native::RtlAdjustPrivilege($privilege, $true, $false, [ref]$before) }
    $security = New-Object System.Security.AccessControl.DirectorySecurity
    $security.SetOwner((New-Object System.Security.Principal.SecurityIdentifier $Sid))
    Invoke-Seam { [System.IO.Directory]::SetAccessControl($Path, $security) }
}

function Write-Descriptor {
    # Replaces the entries; the owner stays.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Sddl)
    Invoke-Seam {
        $security = New-Object System.Security.AccessControl.DirectorySecurity
        $security.SetSecurityDescriptorSddlForm($Sddl, 'Access')
        [System.IO.Directory]::SetAccessControl($Path, $security)
    }
}

function New-Folder {
    param([Parameter(Mandatory)] [string] $Path)
    Invoke-Seam { $null = [System.IO.Directory]::CreateDirectory($Path) }
}
function Move-Entry {
    param([Parameter(Mandatory)] [string] $From, [Parameter(Mandatory)] [string] $To)
    Invoke-Seam { [System.IO.Directory]::Move($From, $To) }
}
function Copy-Entry {
    param([Parameter(Mandatory)] [string] $From, [Parameter(Mandatory)] [string] $To)
    Invoke-Seam { [System.IO.File]::Copy($From, $To, $true) }
}

function Invoke-DiskPart {
    # It takes its commands from a file. Its exit code; its text is translated.
    param([Parameter(Mandatory)] [string[]] $Lines)
    $file = [System.IO.Path]::GetTempFileName()
    try { [System.IO.File]::WriteAllLines($file, $Lines); $null = diskpart.exe /s $file; return $LASTEXITCODE }
    finally { [System.IO.File]::Delete($file) }
}
#endregion seam
