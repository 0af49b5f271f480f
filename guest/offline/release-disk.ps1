<#
.SYNOPSIS
    Makes an attached disk ready to be detached: nothing of it is in use any more.
.DESCRIPTION
    Detects: a disk that is still online.
    Changes: unloads our hives, writes the volumes' caches, takes every letter back, sets the disk offline; nothing in the
    Windows on it. A disk that is offline already (a collision, too) is left as it is.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: the error HiveInUse if a hive cannot be unloaded: then do not detach the disk.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File release-disk.ps1 -Lun 0
.NOTES
    Verify: Get-Disk shows the disk as offline; run it again, it changes nothing.
    Undo: Set-Disk -Number N -IsOffline $false.
#>
# rdp-medic-script: offline/release-disk
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')

$find = {
    $disk = Find-AttachedDisk -Lun ([int]$Lun)
    if (-not $disk.IsOffline) { Add-Finding -Code 'DiskOnline' -Detail 'the disk is still online' -Data @{ lun = [int]$Lun } }
}
$repair = {
    $disk = Find-AttachedDisk -Lun ([int]$Lun)
    foreach ($hive in 'SYSTEM', 'SOFTWARE') { Dismount-Hive -Hive $hive }
    foreach ($partition in @(Get-Partition -DiskNumber $disk.Number)) {
        $letter = Get-PartitionLetter -Partition $partition
        if (-not $letter) { continue }
        if (-not (Test-VolumeLocked -Root "${letter}:")) { Write-VolumeCache -DriveLetter $letter }
        Remove-Letter -DiskNumber $disk.Number -PartitionNumber $partition.PartitionNumber -Root "${letter}:" -Efi (Test-EfiPartition -Partition $partition)
    }
    Set-Disk -Number $disk.Number -IsOffline $true
    Add-Action -What 'set disk offline' -Target "LUN $Lun" -Before 'online' -After 'offline'
}

Invoke-RdpMedicScript -Id 'offline/release-disk' -Detect $find -Repair $repair
