# rdp-medic-lib: offline
# Shared by the scripts of guest/offline: from a LUN to an opened Windows, and back.
#
#   Invoke-OfflineRepair     the frame of every offline script: open, detect, repair, detect again, close, report
#   Open-OfflineGuest        LUN -> disk -> Windows volume -> loaded hives; gives the object the script works on
#   Close-OfflineGuest       unloads the hives and takes the letters back, whatever happened in between
#
# Paths are put together as text, not by Join-Path: in one session PowerShell does not see a drive whose letter
# was given a moment ago, and Join-Path refuses a drive it does not see.

# Names of our own under HKLM, so that nothing of the rescue VM can be met by accident.
$script:HiveNames = @{ SYSTEM = 'RdpMedicSystem'; SOFTWARE = 'RdpMedicSoftware' }
$script:EfiPartitionType = '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}'
$script:BasicPartitionType = '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}'
$script:MbrNtfsType = 7
$script:BackupFolder = 'C:\ProgramData\rdp-medic'

function Find-AttachedDisk {
    # The disk on this LUN that is neither the rescue VM's own nor its temporary one. Two left is as bad as none:
    # a wrong guess would repair (and detach) somebody else's disk.
    param([Parameter(Mandatory)] [int]$Lun)

    $found = @()
    foreach ($drive in @(Get-CimInstance -ClassName Win32_DiskDrive)) {
        if ($null -eq $drive.SCSILogicalUnit -or $drive.SCSILogicalUnit -ne $Lun) { continue }
        $disk = Get-Disk -Number $drive.Index
        if ($disk.IsBoot -or $disk.IsSystem -or (Test-TemporaryDisk -DiskNumber $disk.Number)) { continue }
        $found += $disk
    }
    if ($found.Count -eq 0) {
        throw "DiskNotFound: No attached disk on LUN $Lun. A VM size with NVMe disks shows no LUN: use a SCSI size."
    }
    if ($found.Count -gt 1) {
        throw "DiskAmbiguous: $($found.Count) disks answer to LUN $Lun."
    }
    return $found[0]
}

function Test-TemporaryDisk {
    # Azure puts this file on the temporary disk of every Windows VM; the disk is online and has a letter.
    param([Parameter(Mandatory)] [int]$DiskNumber)

    foreach ($partition in @(Get-Partition -DiskNumber $DiskNumber -ErrorAction SilentlyContinue)) {
        $letter = Get-PartitionLetter -Partition $partition
        if (-not $letter -or (Test-VolumeLocked -Root "${letter}:")) { continue }
        if (Test-Path -LiteralPath "${letter}:\DATALOSS_WARNING_README.txt") { return $true }
    }
    return $false
}

function Get-PartitionLetter {
    # Get-Partition gives [char]0 for a partition without a letter, which is not the empty string.
    param([Parameter(Mandatory)] $Partition)

    $letter = [string]$Partition.DriveLetter
    if ($letter -match '^[A-Za-z]$') { return $letter.ToUpperInvariant() }
    return ''
}

function Get-DiskIdentity {
    # GPT: the disk's GUID; MBR: its signature. A copy has the same one as what it was copied from.
    param([Parameter(Mandatory)] $Disk)

    if (([string]$Disk.PartitionStyle) -in @('MBR', '1')) { return '{0:x8}' -f $Disk.Signature }
    return ([string]$Disk.Guid).Trim('{}').ToLowerInvariant()
}

function Enable-AttachedDisk {
    # Brings the disk online and writable. Never on a collision: Windows would give the disk a new identity, and
    # the references of its boot store to the old one would break.
    param([Parameter(Mandatory)] $Disk)

    if ($Disk.IsOffline) {
        $identity = Get-DiskIdentity -Disk $Disk
        $twins = @(Get-Disk | Where-Object { $_.Number -ne $Disk.Number -and (Get-DiskIdentity -Disk $_) -eq $identity })
        # OfflineReason is shown as the number or the name, depending on the Windows.
        if ($twins.Count -gt 0 -or ([string]$Disk.OfflineReason) -in @('4', 'Collision')) {
            throw 'DiskIdentityCollision: The rescue VM has a disk of the same identity. Make it from an image of another version.'
        }
    }
    if ($Disk.IsReadOnly) { Set-Disk -Number $Disk.Number -IsReadOnly $false }
    if ($Disk.IsOffline) { Set-Disk -Number $Disk.Number -IsOffline $false }

    $now = Get-Disk -Number $Disk.Number
    if ($now.IsOffline -or $now.IsReadOnly) {
        throw "DiskNotOnline: Disk $($Disk.Number) stays offline or read-only (reason $($now.OfflineReason))."
    }
}

function Add-Letter {
    # Gives a partition the letter it has, or a free one that Remove-Letter takes back. Returns 'F:'.
    param([Parameter(Mandatory)] $Guest, [Parameter(Mandatory)] $Partition)

    $letter = Get-PartitionLetter -Partition $Partition
    if ($letter) { return "${letter}:" }

    $used = @(Get-CimInstance -ClassName Win32_LogicalDisk | ForEach-Object { $_.DeviceID })
    $root = @('FGHIJKLMNOPQRSTUVWXYZ'.ToCharArray() | ForEach-Object { "${_}:" } | Where-Object { $_ -notin $used })[0]
    # Noted before it is given: a letter that was given and not noted would stay.
    $Guest.Letters += [pscustomobject]@{ Partition = $Partition.PartitionNumber; Root = $root; Efi = (Test-EfiPartition -Partition $Partition) }
    if (Test-EfiPartition -Partition $Partition) {
        # The storage cmdlets refuse an EFI partition; diskpart does not.
        Invoke-DiskPart -DiskNumber $Guest.DiskNumber -PartitionNumber $Partition.PartitionNumber -Action 'assign' -Letter $root[0]
    }
    else {
        Add-PartitionAccessPath -DiskNumber $Guest.DiskNumber -PartitionNumber $Partition.PartitionNumber -AccessPath "$root\"
    }
    # Makes this session's file system provider look for new drives.
    $null = Get-PSDrive -PSProvider FileSystem
    return $root
}

function Remove-Letter {
    param([Parameter(Mandatory)] [int]$DiskNumber, [Parameter(Mandatory)] [int]$PartitionNumber,
        [Parameter(Mandatory)] [string]$Root, [bool]$Efi)

    if ($Efi) { Invoke-DiskPart -DiskNumber $DiskNumber -PartitionNumber $PartitionNumber -Action 'remove' -Letter $Root[0] }
    else { Remove-PartitionAccessPath -DiskNumber $DiskNumber -PartitionNumber $PartitionNumber -AccessPath "$Root\" }
}

function Test-EfiPartition {
    param([Parameter(Mandatory)] $Partition)
    return ([string]$Partition.GptType) -eq $script:EfiPartitionType
}

function Invoke-DiskPart {
    # diskpart takes its commands from a file; all three values are ours, none comes from a request.
    param([Parameter(Mandatory)] [int]$DiskNumber, [Parameter(Mandatory)] [int]$PartitionNumber,
        [Parameter(Mandatory)] [ValidateSet('assign', 'remove')][string]$Action, [Parameter(Mandatory)] [char]$Letter)

    $file = [IO.Path]::GetTempFileName()
    try {
        [IO.File]::WriteAllLines($file, @("select disk $DiskNumber", "select partition $PartitionNumber", "$Action letter=$Letter"))
        $null = diskpart.exe /s $file
        if ($LASTEXITCODE -ne 0) { throw "DiskPartFailed: diskpart could not $Action letter $Letter (exit code $LASTEXITCODE)." }
    }
    finally { [IO.File]::Delete($file) }
}

function Find-WindowsVolume {
    # The volume that holds a SYSTEM hive, among all partitions that can hold files; letterless ones count too.
    param([Parameter(Mandatory)] $Guest)

    foreach ($partition in @(Get-Partition -DiskNumber $Guest.DiskNumber)) {
        if (([string]$partition.GptType) -ne $script:BasicPartitionType -and $partition.MbrType -ne $script:MbrNtfsType) { continue }
        $root = Add-Letter -Guest $Guest -Partition $partition
        if (Test-VolumeLocked -Root $root) {
            throw "BitLockerLocked: The volume of partition $($partition.PartitionNumber) is locked by BitLocker. Unlock it by hand with its recovery key."
        }
        if (Test-Path -LiteralPath "$root\Windows\System32\config\SYSTEM") { return $root }
    }
    throw "WindowsNotFound: No partition of disk $($Guest.DiskNumber) holds \Windows\System32\config\SYSTEM."
}

function Test-VolumeLocked {
    # ProtectionStatus 2 (unknown) is what a locked volume reports; the class is absent where BitLocker is not installed.
    param([Parameter(Mandatory)] [string]$Root)

    $volumes = @(Get-CimInstance -Namespace 'root\cimv2\Security\MicrosoftVolumeEncryption' -ClassName Win32_EncryptableVolume -ErrorAction SilentlyContinue)
    return @($volumes | Where-Object { $_.DriveLetter -eq $Root -and $_.ProtectionStatus -eq 2 }).Count -gt 0
}

function Get-BackupFolder {
    # On the rescue VM, one folder for a disk: the first copy is the hive as it was found, later runs keep it.
    param([Parameter(Mandatory)] $Guest)

    $folder = "$script:BackupFolder\$($Guest.Identity)"
    if (-not (Test-Path -LiteralPath $folder)) { $null = New-Item -Path $folder -ItemType Directory -Force }
    return $folder
}

function Backup-File {
    # Copies a file once. Under another name first: a copy cut short by a kill must not pass for the way back.
    param([Parameter(Mandatory)] $Guest, [Parameter(Mandatory)] [string]$Path, [Parameter(Mandatory)] [string]$Name)

    $copy = "$(Get-BackupFolder -Guest $Guest)\$Name"
    if (Test-Path -LiteralPath $copy) { return $copy }
    Copy-Item -LiteralPath $Path -Destination "$copy.part" -Force
    if ((Get-Item -LiteralPath "$copy.part" -Force).Length -ne (Get-Item -LiteralPath $Path -Force).Length) {
        throw "BackupFailed: The copy of $Path is not as long as the file."
    }
    Move-Item -LiteralPath "$copy.part" -Destination $copy -Force
    return $copy
}

function Mount-Hive {
    # Loads a hive of the guest under our own name. One left loaded by a killed run is unloaded first.
    param([Parameter(Mandatory)] $Guest, [Parameter(Mandatory)] [ValidateSet('SYSTEM', 'SOFTWARE')][string]$Hive)

    Dismount-Hive -Hive $Hive
    $file = "$($Guest.Root)\Windows\System32\config\$Hive"
    $null = Backup-File -Guest $Guest -Path $file -Name $Hive
    # Noted before the load, so that the finally of Invoke-OfflineRepair unloads it even if we are stopped here.
    $Guest.Hives += $Hive
    $null = reg.exe load "HKLM\$($script:HiveNames[$Hive])" $file
    if ($LASTEXITCODE -ne 0) { throw "HiveNotLoaded: reg load of $file ended with exit code $LASTEXITCODE." }
}

function Dismount-Hive {
    # A handle that the registry provider still holds keeps the hive loaded: collect, and try three times.
    # A hive still loaded when the disk is detached is a damaged registry.
    param([Parameter(Mandatory)] [ValidateSet('SYSTEM', 'SOFTWARE')][string]$Hive)

    $name = $script:HiveNames[$Hive]
    foreach ($attempt in 1..3) {
        if (-not (Test-Path -LiteralPath "HKLM:\$name")) { return }
        [gc]::Collect()
        [gc]::WaitForPendingFinalizers()
        $null = reg.exe unload "HKLM\$name"
        if ($LASTEXITCODE -ne 0 -and $attempt -lt 3) { Start-Sleep -Seconds 2 }
    }
    if (Test-Path -LiteralPath "HKLM:\$name") {
        throw "HiveInUse: The hive HKLM\$name cannot be unloaded. Close what holds it; do not detach the disk before."
    }
}

function Get-ControlSet {
    # The control sets that count: the one in use, and the default one if it is another and exists. Writing to a
    # set that is not there would make a stub of it.
    $root = "HKLM:\$($script:HiveNames['SYSTEM'])"
    $select = Get-ItemProperty -LiteralPath "$root\Select"
    $sets = @()
    foreach ($number in @($select.Current, $select.Default)) {
        $set = "$root\ControlSet{0:d3}" -f $number
        if ($set -notin $sets -and (Test-Path -LiteralPath $set)) { $sets += $set }
    }
    if ($sets.Count -eq 0) { throw "ControlSetMissing: Neither the current nor the default control set exists (Select says $($select.Current))." }
    return $sets
}

function New-OfflineGuest {
    # What Open-OfflineGuest fills step by step, so that Close-OfflineGuest can undo as far as it came.
    return [pscustomobject]@{
        DiskNumber = -1; Style = ''; Identity = ''; Root = ''; Letters = @(); Hives = @()
        # Registry paths: the control sets to work on, and SOFTWARE.
        ControlSets = @(); Software = ''
    }
}

function Open-OfflineGuest {
    # From the LUN to a Windows whose files and hives are at hand.
    param([Parameter(Mandatory)] $Guest, [Parameter(Mandatory)] [int] $Lun, [string[]] $Hives = @())

    $disk = Find-AttachedDisk -Lun $Lun
    $Guest.DiskNumber = $disk.Number
    $Guest.Style = [string]$disk.PartitionStyle
    $Guest.Identity = Get-DiskIdentity -Disk $disk
    Enable-AttachedDisk -Disk $disk
    $Guest.Root = Find-WindowsVolume -Guest $Guest
    foreach ($hive in $Hives) { Mount-Hive -Guest $Guest -Hive $hive }
    if ('SYSTEM' -in $Hives) { $Guest.ControlSets = @(Get-ControlSet) }
    if ('SOFTWARE' -in $Hives) { $Guest.Software = "HKLM:\$($script:HiveNames['SOFTWARE'])" }
}

function Close-OfflineGuest {
    # Every part is tried, whatever the one before did; the first trouble is reported when all is done.
    param([Parameter(Mandatory)] $Guest)

    $troubles = @()
    foreach ($hive in $Guest.Hives) {
        try { Dismount-Hive -Hive $hive } catch { $troubles += $_ }
    }
    foreach ($letter in $Guest.Letters) {
        try { Remove-Letter -DiskNumber $Guest.DiskNumber -PartitionNumber $letter.Partition -Root $letter.Root -Efi $letter.Efi }
        catch { $troubles += $_ }
    }
    $Guest.Hives = @()
    $Guest.Letters = @()
    if ($troubles.Count -gt 0) { throw $troubles[0] }
}

function Invoke-OfflineRepair {
    # The frame of every offline script: open, detect, repair if there is a fault, detect again, close in the
    # frame's finally, one result line. Both blocks find the opened Windows in $Guest.
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [string] $Lun,
        [string[]] $Hives = @(),
        [Parameter(Mandatory)] [scriptblock] $FindFaults,
        [scriptblock] $RepairFaults = $null
    )
    $Guest = New-OfflineGuest
    $frame = @{
        Id = $Id
        Prepare = { Open-OfflineGuest -Guest $Guest -Lun ([int]$Lun) -Hives $Hives }
        Detect = $FindFaults
        Cleanup = { Close-OfflineGuest -Guest $Guest }
    }
    if ($null -ne $RepairFaults) { $frame.Repair = $RepairFaults }
    Invoke-RdpMedicScript @frame
}
