# Commands of CDXML modules: see Send-CdxmlCommand.

# Handles into a hive are let go by a collection of all generations: noted to tell whether one came.
$script:CollectionsAtLastRead = [GC]::CollectionCount(2)

function Get-Disk {
    [CmdletBinding()] param([Parameter(Position = 0)] [int] $Number)
    Send-CdxmlCommand 'Get-Disk' $PSBoundParameters $ErrorActionPreference
}

function Set-Disk {
    [CmdletBinding()] param([Parameter(Mandatory)] [int] $Number, [bool] $IsOffline, [bool] $IsReadOnly)
    Send-CdxmlCommand 'Set-Disk' $PSBoundParameters $ErrorActionPreference
}

function Get-Partition {
    [CmdletBinding()] param([Parameter(Mandatory)] [int] $DiskNumber)
    $partitions = @(Send-CdxmlCommand 'Get-Partition' $PSBoundParameters $ErrorActionPreference)
    foreach ($partition in $partitions) { $partition.DriveLetter = [char]$partition.DriveLetter }
    $partitions
}

function Add-PartitionAccessPath {
    [CmdletBinding()] param([Parameter(Mandatory)] [int] $DiskNumber, [Parameter(Mandatory)] [int] $PartitionNumber, [Parameter(Mandatory)] [string] $AccessPath)
    Send-CdxmlCommand 'Add-PartitionAccessPath' $PSBoundParameters $ErrorActionPreference
}

function Remove-PartitionAccessPath {
    [CmdletBinding()] param([Parameter(Mandatory)] [int] $DiskNumber, [Parameter(Mandatory)] [int] $PartitionNumber, [Parameter(Mandatory)] [string] $AccessPath)
    Send-CdxmlCommand 'Remove-PartitionAccessPath' $PSBoundParameters $ErrorActionPreference
}

function Write-VolumeCache {
    [CmdletBinding()] param([Parameter(Mandatory)] [char] $DriveLetter)
    Send-CdxmlCommand 'Write-VolumeCache' $PSBoundParameters $ErrorActionPreference
}

function Invoke-CimMethod {
    [CmdletBinding()] param([string] $Namespace, [string] $ClassName, [object] $InputObject, [Parameter(Mandatory)] [string] $MethodName, [System.Collections.IDictionary] $Arguments)
    Send-Command 'Invoke-CimMethod' $PSBoundParameters $ErrorActionPreference
}

function diskpart.exe {
    # Its commands come in a file of this system; the server gets its lines.
    Send-Program 'diskpart.exe' @([System.IO.File]::ReadAllLines($args[1]))
}

function reg.exe {
    if ($args[0] -eq 'unload' -and [GC]::CollectionCount(2) -gt $script:CollectionsAtLastRead) { Send-Command 'collect-handles' }
    Send-Program 'reg.exe' $args
}

function bcdedit.exe { Send-Program 'bcdedit.exe' $args }
