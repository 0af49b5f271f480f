# Makes a disk such as a rescue VM gets: a VHD with an EFI, a reserved and a Windows partition, copies of this
# machine's own hives, and a boot store of its own. Needs an elevated session.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Invoke-DiskPartScript {
    param([Parameter(Mandatory)] [string[]] $Lines)

    $file = [IO.Path]::GetTempFileName()
    try {
        [IO.File]::WriteAllLines($file, $Lines)
        $output = diskpart.exe /s $file
        if ($LASTEXITCODE -ne 0) { throw "diskpart ended with $LASTEXITCODE`: $output" }
    }
    finally { [IO.File]::Delete($file) }
}

function Invoke-Tool {
    # Runs a program and insists on its exit code.
    param([Parameter(Mandatory)] [scriptblock] $Call)

    $output = & $Call 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$Call ended with $LASTEXITCODE`: $output" }
    return $output
}

function New-GuestDisk {
    # The disk's number, LUN and VHD. It is left online, its partitions without letters but for what Windows gives.
    param([Parameter(Mandatory)] [string] $Path)

    Invoke-DiskPartScript -Lines @("create vdisk file=`"$Path`" maximum=3072 type=expandable", "select vdisk file=`"$Path`"", 'attach vdisk')
    $number = (Get-Disk | Where-Object { $_.Location -eq $Path }).Number
    Invoke-DiskPartScript -Lines @(
        "select disk $number", 'convert gpt',
        'create partition efi size=100', 'format quick fs=fat32', 'assign letter=S',
        'create partition primary', 'format quick fs=ntfs', 'assign letter=W'
    )
    $null = New-Item -Path 'W:\Windows\System32\config', 'W:\ProgramData\Microsoft\Crypto\RSA\MachineKeys', 'S:\EFI\Microsoft\Boot' -ItemType Directory
    foreach ($hive in 'SYSTEM', 'SOFTWARE') { $null = Invoke-Tool { reg.exe save "HKLM\$hive" "W:\Windows\System32\config\$hive" /y } }
    New-BootStore -Path 'S:\EFI\Microsoft\Boot\BCD'
    Invoke-DiskPartScript -Lines @("select disk $number", 'select volume S', 'remove letter=S', 'select volume W', 'remove letter=W')

    $drive = Get-CimInstance -ClassName Win32_DiskDrive | Where-Object { $_.Index -eq $number }
    return [pscustomobject]@{ Number = $number; Lun = [string]$drive.SCSILogicalUnit; Path = $Path }
}

function New-BootStore {
    # A boot manager and one loader, the serial console off.
    param([Parameter(Mandatory)] [string] $Path)

    $null = Invoke-Tool { bcdedit.exe /createstore $Path }
    $null = Invoke-Tool { bcdedit.exe /store $Path /create '{bootmgr}' /d 'Windows Boot Manager' }
    $created = [string](Invoke-Tool { bcdedit.exe /store $Path /create /d 'Windows Server' /application osloader })
    $loader = [regex]::Match($created, '\{[0-9a-f-]{36}\}').Value
    $null = Invoke-Tool { bcdedit.exe /store $Path /default $loader }
}

function Remove-GuestDisk {
    param([Parameter(Mandatory)] $Disk)

    Invoke-DiskPartScript -Lines @("select vdisk file=`"$($Disk.Path)`"", 'detach vdisk')
    Remove-Item -LiteralPath $Disk.Path -Force
}

function Open-GuestVolume {
    # Brings the disk online and gives the Windows volume a letter, for breaking something on it: 'W:'.
    param([Parameter(Mandatory)] $Disk)

    Set-Disk -Number $Disk.Number -IsOffline $false -ErrorAction Stop
    Set-Disk -Number $Disk.Number -IsReadOnly $false -ErrorAction Stop
    $partition = Get-Partition -DiskNumber $Disk.Number -ErrorAction Stop | Where-Object { $_.GptType -eq '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}' }
    if ([string]$partition.DriveLetter -notmatch '^[A-Z]$') {
        Add-PartitionAccessPath -DiskNumber $Disk.Number -PartitionNumber $partition.PartitionNumber -AccessPath 'W:\' -ErrorAction Stop
        return 'W:'
    }
    return "$($partition.DriveLetter):"
}

function Edit-GuestHive {
    # Breaks something in a hive of the disk, which is loaded as HKLM\GuestDiskTest for it.
    param([Parameter(Mandatory)] $Disk, [Parameter(Mandatory)] [ValidateSet('SYSTEM', 'SOFTWARE')] [string] $Hive, [Parameter(Mandatory)] [scriptblock] $Edit)

    $root = Open-GuestVolume -Disk $Disk
    $null = Invoke-Tool { reg.exe load HKLM\GuestDiskTest "$root\Windows\System32\config\$Hive" }
    try { & $Edit }
    finally {
        [gc]::Collect()
        [gc]::WaitForPendingFinalizers()
        $null = Invoke-Tool { reg.exe unload HKLM\GuestDiskTest }
    }
}

Export-ModuleMember -Function @('New-GuestDisk', 'Remove-GuestDisk', 'Open-GuestVolume', 'Edit-GuestHive')
