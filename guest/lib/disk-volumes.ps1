# rdp-medic-lib: disk-volumes
# Part of the disk session: letters, which volume is Windows', and the boot store. Read after disk-session.ps1.
# Paths are put together as text, not by Join-Path: in one session PowerShell does not see a drive whose letter was given
# a moment ago, and Join-Path refuses a drive it does not see.

function Add-Letter {
    # Gives a partition the letter it has, or a free one that Remove-Letter takes back. Returns 'F:'.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] $Partition)
    $letter = Get-PartitionLetter -Partition $Partition
    if ($letter) { return "${letter}:" }
    $known = @($Windows.Letters | Where-Object { $_.Partition -eq $Partition.PartitionNumber })
    if ($known.Count -gt 0) { return $known[0].Root }
    $used = @(Get-CimInstance -ClassName Win32_LogicalDisk -ErrorAction Stop | ForEach-Object { $_.DeviceID })
    $root = @('FGHIJKLMNOPQRSTUVWXYZ'.ToCharArray() | ForEach-Object { "${_}:" } | Where-Object { $_ -notin $used })[0]
    $isEfi = ([string]$Partition.GptType) -eq $script:EfiPartitionType
    # Noted before it is given: a letter that was given and not noted would stay.
    $Windows.Letters += New-Object PSObject -Property @{ Partition = $Partition.PartitionNumber; Root = $root; Efi = $isEfi }
    if ($isEfi) {
        # The storage commands refuse an EFI partition; diskpart does not.
        Set-LetterByDiskPart -DiskNumber $Windows.DiskNumber -PartitionNumber $Partition.PartitionNumber -Action 'assign' -Letter $root.Substring(0, 1)
    }
    else { Add-PartitionAccessPath -DiskNumber $Windows.DiskNumber -PartitionNumber $Partition.PartitionNumber -AccessPath "$root\" -ErrorAction Stop }
    return $root
}

function Remove-Letter {
    # One that was noted but never came is gone already.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] $Letter)
    $partition = @(Get-Partition -DiskNumber $Windows.DiskNumber -ErrorAction Stop | Where-Object { $_.PartitionNumber -eq $Letter.Partition })[0]
    if ($null -eq $partition -or -not (Get-PartitionLetter -Partition $partition)) { return }
    if ($Letter.Efi) { Set-LetterByDiskPart -DiskNumber $Windows.DiskNumber -PartitionNumber $Letter.Partition -Action 'remove' -Letter $Letter.Root.Substring(0, 1) }
    else { Remove-PartitionAccessPath -DiskNumber $Windows.DiskNumber -PartitionNumber $Letter.Partition -AccessPath "$($Letter.Root)\" -ErrorAction Stop }
}

function Set-LetterByDiskPart {
    # All values are ours, none comes from a request.
    param([Parameter(Mandatory)] [int] $DiskNumber, [Parameter(Mandatory)] [int] $PartitionNumber,
        [Parameter(Mandatory)] [ValidateSet('assign', 'remove')] [string] $Action, [Parameter(Mandatory)] [string] $Letter)
    $code = Invoke-DiskPart -Lines @("select disk $DiskNumber", "select partition $PartitionNumber", "$Action letter=$Letter")
    if ($code -ne 0) { throw "DiskPartFailed: diskpart.exe could not $Action letter $Letter (exit code $code)" }
}

function Find-WindowsVolume {
    # Every volume that holds a SYSTEM hive, among all partitions that can hold files; those without a letter too.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [object[]] $Partitions)
    $locked = @(Get-LockedRoot)
    $found = @()
    $unreadable = @()
    foreach ($partition in $Partitions) {
        if (([string]$partition.GptType) -ne $script:BasicPartitionType -and $partition.MbrType -ne $script:MbrNtfsType) { continue }
        $root = Add-Letter -Windows $Windows -Partition $partition
        # A letter that was just given may be the first that BitLocker's list shows.
        if ($locked -contains $root -or (@(Get-LockedRoot) -contains $root) -or (Test-Unrecognized -Root $root)) { $unreadable += $partition.PartitionNumber; continue }
        if ((Read-EntryKind -Path "$root\Windows\System32\config\SYSTEM") -eq 'file') { $found += New-Object PSObject -Property @{ Partition = $partition; Root = $root } }
    }
    if ($found.Count -gt 0) { return $found }
    if ($unreadable.Count -gt 0) {
        throw "BitLockerLocked: the volume of partition $($unreadable -join ', ') cannot be read: it is locked by BitLocker, or was never formatted. Unlock it with its recovery key on a VM that has the BitLocker feature"
    }
    throw "WindowsNotFound: no partition of disk $($Windows.DiskNumber) holds \Windows\System32\config\SYSTEM"
}

function Get-LockedRoot {
    # 'F:' of each volume that BitLocker has locked: ProtectionStatus 2 (unknown). None where the feature is not there:
    # a locked volume then looks like one that was never formatted.
    try { $volumes = @(Get-CimInstance -Namespace 'root\cimv2\Security\MicrosoftVolumeEncryption' -ClassName Win32_EncryptableVolume -ErrorAction Stop) }
    catch { return }
    $volumes | Where-Object { $_.ProtectionStatus -eq 2 } | ForEach-Object { $_.DriveLetter }
}

function Test-Unrecognized {
    param([Parameter(Mandatory)] [string] $Root)
    try { $null = Read-Space -Root "$Root\" } catch { return (Get-ErrorCode -Failure $_) -eq $script:UnrecognizedVolume }
    return $false
}

function Find-BootStore {
    # On GPT the store is on the EFI partition, on MBR in \Boot of the system (or only) partition. Empty where there is
    # none, or it cannot be reached.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [object[]] $Partitions)
    foreach ($partition in $Partitions) {
        $isEfi = ([string]$partition.GptType) -eq $script:EfiPartitionType
        if (-not $isEfi -and $partition.MbrType -ne $script:MbrNtfsType) { continue }
        try { $root = Add-Letter -Windows $Windows -Partition $partition } catch { continue }
        $path = $(if ($isEfi) { "$root\EFI\Microsoft\Boot\BCD" } else { "$root\Boot\BCD" })
        if ((Read-EntryKind -Path $path) -eq 'file') { return $path }
    }
    return ''
}

function Select-Installation {
    # Of two Windows the one that the boot store's default loader starts.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [object[]] $Found)
    if ($Found.Count -eq 1) { return $Found[0] }
    $device = $null
    try { if ($Windows.BootStore) { $device = Get-LoaderDevice -Store $Windows.BootStore } } catch { $device = $null }
    $named = @()
    if ($device) {
        # GPT: the partition's GUID; MBR: its offset.
        $named = @($Found | Where-Object { ([string]$_.Partition.Guid) -eq $device -or ([string]$_.Partition.Offset) -eq $device })
    }
    if ($named.Count -eq 1) { return $named[0] }
    throw "TwoWindows: the disk holds $($Found.Count) Windows, and its boot store does not tell which one starts"
}
