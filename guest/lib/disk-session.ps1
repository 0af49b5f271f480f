# rdp-medic-lib: disk-session
# The frame of an offline run: from a LUN to an opened Windows, and back to a disk that is offline.
#
#   Invoke-DiskSession -Lun $Lun -Work { param($Windows) ... }
#
# $Windows says where things are, the same way for a running Windows (Get-RunningWindows): Scope; System and Software,
# keys below HKLM; Root, 'F:'; Sets, names of the control sets that count; BootStore, path of the BCD file.
# Every command of a CDXML module gets -ErrorAction Stop: it does not see the script's own preference.

$script:SystemHive = 'RdpMedicSystem'
$script:SoftwareHive = 'RdpMedicSoftware'
$script:EfiPartitionType = '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}'
$script:BasicPartitionType = '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}'
$script:MbrNtfsType = 7
# Logical Disk Manager: data on GPT, and on MBR.
$script:DynamicPartitionType = '{af9b60a0-1431-4f62-bc68-3311714a69ad}'
$script:MbrDynamicType = 0x42
$script:UnrecognizedVolume = 1005

function Invoke-DiskSession {
    # Closes whatever happened; the first trouble is the one that is thrown. Tested: the self-test was passed on this machine before.
    param([Parameter(Mandatory)] [string] $Lun, [Parameter(Mandatory)] [scriptblock] $Work, [string] $Copy = '', [bool] $Tested = $false)
    if (-not $Tested) { Test-Seam }
    $windows = New-Windows -Scope 'offline' -System $script:SystemHive -Software $script:SoftwareHive
    $failure = $null
    try {
        Open-Disk -Windows $windows -Lun ([int]$Lun)
        Confirm-Copy -Windows $windows -Copy $Copy
        & $Work $windows
    }
    catch { $failure = $_ }
    $troubles = @(Close-Disk -Windows $windows)
    if ($null -ne $failure) { throw $failure }
    if ($troubles.Count -gt 0) { throw $troubles[0] }
}

function New-Windows {
    param([Parameter(Mandatory)] [string] $Scope, [Parameter(Mandatory)] [string] $System, [Parameter(Mandatory)] [string] $Software)
    return New-Object PSObject -Property @{
        Scope = $Scope; System = $System; Software = $Software; Root = ''; Sets = @(); BootStore = ''
        DiskNumber = -1; Opened = $false; Letters = @(); Hives = @(); Installations = @()
    }
}

function Get-RunningWindows {
    # This machine's own Windows. Only the control set in use counts.
    $windows = New-Windows -Scope 'online' -System 'SYSTEM' -Software 'SOFTWARE'
    $windows.Root = 'C:'
    $version = Read-RegistryKey -Path 'SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Names 'SystemRoot'
    if ($null -ne $version) {
        $root = [string]($version.Values | Where-Object { $_.Name -eq 'SystemRoot' } | ForEach-Object { $_.Data })
        if ($root -match '^[A-Za-z]:') { $windows.Root = $root.Substring(0, 2) }
    }
    $windows.Sets = @('ControlSet{0:d3}' -f (Get-SelectedSet -Windows $windows -Name 'Current'))
    return $windows
}

function Get-SetKey {
    # Key of a control set: the running one under the name that Windows follows.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [string] $Set)
    if ($Windows.Scope -eq 'online') { return "$($Windows.System)\CurrentControlSet" }
    return "$($Windows.System)\$Set"
}

function Get-SelectedSet {
    # Number of a control set; 0 where Select does not say.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [string] $Name)
    $select = Read-RegistryKey -Path "$($Windows.System)\Select" -Names $Name
    if ($null -eq $select) { return 0 }
    foreach ($value in $select.Values) { if ($value.Kind -eq 'DWord' -and $value.Data -le 999) { return [int]$value.Data } }
    return 0
}

function Open-Disk {
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [int] $Lun)
    $disk = Find-AttachedDisk -Lun $Lun
    $Windows.DiskNumber = $disk.Number
    Enable-AttachedDisk -Windows $Windows -Disk $disk
    $partitions = @(Get-Partition -DiskNumber $disk.Number -ErrorAction Stop)
    if (@($partitions | Where-Object { ([string]$_.GptType) -eq $script:DynamicPartitionType -or $_.MbrType -eq $script:MbrDynamicType }).Count -gt 0) {
        throw 'DynamicDisk: this is a dynamic disk: its volumes can be seen only by the Windows it belongs to'
    }
    $found = @(Find-WindowsVolume -Windows $Windows -Partitions $partitions)
    $Windows.BootStore = Find-BootStore -Windows $Windows -Partitions $partitions
    $chosen = Select-Installation -Windows $Windows -Found $found
    $Windows.Root = $chosen.Root
    $Windows.Installations = @($found | ForEach-Object { New-Object PSObject -Property @{ Partition = $_.Partition.PartitionNumber; Chosen = $_.Root -eq $chosen.Root } })
    Mount-Hive -Windows $Windows -Name $script:SystemHive -File 'SYSTEM'
    Mount-Hive -Windows $Windows -Name $script:SoftwareHive -File 'SOFTWARE'
    $Windows.Sets = @(Get-CountingSet -Windows $Windows)
}

function Confirm-Copy {
    # A rehearsal's copy and the one that goes under the VM have the same identity: the first is marked, so that nobody takes it for the second.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Copy)
    $mark = "$($Windows.Root)\ProgramData\rdp-medic-rehearsal"
    if ($Copy -eq 'rehearsal') { New-Folder -Path $mark }
    elseif ((Read-EntryKind -Path $mark) -ne 'none') { throw 'RehearsalDisk: this is the copy that was rehearsed on, to be thrown away' }
}

function Find-AttachedDisk {
    # The disk on this LUN that is neither the rescue VM's own nor its temporary one. Two left is as bad as none: a
    # wrong guess would change somebody else's disk.
    param([Parameter(Mandatory)] [int] $Lun)
    $found = @()
    foreach ($drive in @(Get-CimInstance -ClassName Win32_DiskDrive -ErrorAction Stop)) {
        if ($null -eq $drive.SCSILogicalUnit -or $drive.SCSILogicalUnit -ne $Lun) { continue }
        $disk = Get-Disk -Number $drive.Index -ErrorAction Stop
        if (-not $disk.IsBoot -and -not $disk.IsSystem -and -not (Test-TemporaryDisk -Disk $disk)) { $found += $disk }
    }
    if ($found.Count -eq 0) { throw "DiskNotFound: no attached disk on LUN $Lun. A VM size with NVMe disks shows no LUN: use a SCSI size" }
    if ($found.Count -gt 1) { throw "DiskAmbiguous: $($found.Count) disks answer to LUN $Lun" }
    return $found[0]
}

function Test-TemporaryDisk {
    # Azure puts this file on the temporary disk of every Windows VM; the disk is online and has a letter.
    param([Parameter(Mandatory)] $Disk)
    if ($Disk.IsOffline) { return $false }
    try { $partitions = @(Get-Partition -DiskNumber $Disk.Number -ErrorAction Stop) } catch { return $false }
    foreach ($partition in $partitions) {
        $letter = Get-PartitionLetter -Partition $partition
        if ($letter -and (Read-EntryKind -Path "${letter}:\DATALOSS_WARNING_README.txt") -eq 'file') { return $true }
    }
    return $false
}

function Get-PartitionLetter {
    # Get-Partition gives [char]0 for a partition without a letter, which is not the empty string.
    param([Parameter(Mandatory)] $Partition)
    $letter = [string]$Partition.DriveLetter
    if ($letter -match '^[A-Za-z]$') { return $letter }
    return ''
}

function Get-DiskIdentity {
    # GPT: the disk's GUID; MBR: its signature. A copy has the same one as what it was copied from.
    param([Parameter(Mandatory)] $Disk)
    if (([string]$Disk.PartitionStyle) -in @('MBR', '1')) { return '{0:x8}' -f $Disk.Signature }
    return ([string]$Disk.Guid) -replace '[{}]', ''
}

function Enable-AttachedDisk {
    # Online and writable. Never on a collision: Windows would give the disk a new identity, and the references of its
    # boot store to the old one would break.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] $Disk)
    if ($Disk.IsOffline) {
        $identity = Get-DiskIdentity -Disk $Disk
        $twins = @(Get-Disk -ErrorAction Stop | Where-Object { $_.Number -ne $Disk.Number -and (Get-DiskIdentity -Disk $_) -eq $identity })
        # OfflineReason is shown as the number or the name, depending on the Windows.
        if ($twins.Count -gt 0 -or ([string]$Disk.OfflineReason) -in @('4', 'Collision')) {
            throw 'DiskIdentityCollision: the rescue VM has a disk of the same identity. Make it from an image of another version'
        }
    }
    # From here on it is ours to take offline again.
    $Windows.Opened = $true
    if ($Disk.IsReadOnly) { Set-Disk -Number $Disk.Number -IsReadOnly $false -ErrorAction Stop }
    if ($Disk.IsOffline) { Set-Disk -Number $Disk.Number -IsOffline $false -ErrorAction Stop }
    $now = Get-Disk -Number $Disk.Number -ErrorAction Stop
    if ($now.IsOffline -or $now.IsReadOnly) { throw "DiskNotOnline: disk $($Disk.Number) stays offline or read-only (reason $($now.OfflineReason))" }
}

function Get-CountingSet {
    # The control set in use, and the default one if it is another and exists.
    param([Parameter(Mandatory)] $Windows)
    $sets = @()
    foreach ($name in 'Current', 'Default') {
        $set = 'ControlSet{0:d3}' -f (Get-SelectedSet -Windows $Windows -Name $name)
        if ($set -notin $sets -and $null -ne (Read-RegistryKey -Path "$($Windows.System)\$set" -Names '-')) { $sets += $set }
    }
    if ($sets.Count -eq 0) { throw 'ControlSetMissing: neither the current nor the default control set exists' }
    return $sets
}

function Mount-Hive {
    # Under a name of our own. One left loaded by a killed run is unloaded first.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $File)
    Dismount-Hive -Name $Name
    # Noted before the load, so that Close-Disk unloads it even if we are stopped here.
    $Windows.Hives += $Name
    $null = reg.exe load "HKLM\$Name" "$($Windows.Root)\Windows\System32\config\$File"
    if ($LASTEXITCODE -ne 0) { throw "HiveNotLoaded: reg.exe load of the hive $File ended with exit code $LASTEXITCODE" }
}

function Dismount-Hive {
    # A virus scanner or an unreleased handle may keep it for a while: half a minute. A hive still loaded when the disk
    # is detached is a damaged registry.
    param([Parameter(Mandatory)] [string] $Name)
    for ($attempt = 0; $attempt -lt 15; $attempt++) {
        if ($null -eq (Read-RegistryKey -Path $Name -Names '-')) { return }
        Clear-Handle
        $null = reg.exe unload "HKLM\$Name"
        if ($LASTEXITCODE -ne 0) { Start-Sleep -Seconds 2 }
    }
    if ($null -ne (Read-RegistryKey -Path $Name -Names '-')) { throw "HiveInUse: the hive HKLM\$Name cannot be unloaded. Close what holds it; do not detach the disk before" }
}

function Close-Disk {
    # Gives back the troubles. Every part is tried, whatever the one before did.
    param([Parameter(Mandatory)] $Windows)
    foreach ($hive in @($Windows.Hives)) { try { Dismount-Hive -Name $hive } catch { $_ } }
    if (-not $Windows.Opened) { return }
    try {
        foreach ($partition in @(Get-Partition -DiskNumber $Windows.DiskNumber -ErrorAction Stop)) {
            $letter = Get-PartitionLetter -Partition $partition
            if ($letter -and $partition.GptType -ne $script:EfiPartitionType) { try { Write-VolumeCache -DriveLetter $letter -ErrorAction Stop } catch { $_ } }
        }
    }
    catch { $_ }
    foreach ($letter in @($Windows.Letters)) { try { Remove-Letter -Windows $Windows -Letter $letter } catch { $_ } }
    try {
        Set-Disk -Number $Windows.DiskNumber -IsOffline $true -ErrorAction Stop
        if (-not (Get-Disk -Number $Windows.DiskNumber -ErrorAction Stop).IsOffline) { throw "DiskOnline: disk $($Windows.DiskNumber) stays online; do not detach it" }
    }
    catch { $_ }
}
