<#
.SYNOPSIS
    Switches the serial console (SAC) on in the boot store of an attached disk.
.DESCRIPTION
    Detects: what the runbook wants and the store does not have: the boot menu shown for 5 seconds, EMS for the boot
    manager, EMS for the default loader, on port 1 at 115200 baud.
    Changes: the BCD file, on the EFI partition (GPT, generation 2) or in \Boot of the system partition (MBR, generation
    1). The file is copied first; if the values read back are not the wanted ones, the copy is put back.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: nothing but the result line. The console is there on server editions only, and wants boot diagnostics.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File serial-console.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: on the VM bcdedit.exe /ems "{default}" off, /bootems "{bootmgr}" off, /set "{bootmgr}" displaybootmenu no; the
    file as it was lies in C:\ProgramData\rdp-medic of the rescue VM.
#>
# rdp-medic-script: offline/serial-console
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')

$script:BootManager = '{9dea862c-5cdd-4e70-acc1-f32b344d4795}'
$script:EmsSettings = '{0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9}'

function Find-BootStore {
    # On GPT the store is on the EFI partition, on MBR in \Boot of the system (or only) partition.
    foreach ($partition in @(Get-Partition -DiskNumber $Guest.DiskNumber)) {
        $isEfi = Test-EfiPartition -Partition $partition
        if (-not $isEfi -and $partition.MbrType -ne $script:MbrNtfsType) { continue }
        $root = Add-Letter -Guest $Guest -Partition $partition
        $path = $(if ($isEfi) { "$root\EFI\Microsoft\Boot\BCD" } else { "$root\Boot\BCD" })
        if (Test-Path -LiteralPath $path) { return $path }
    }
    throw "BootStoreNotFound: no partition of disk $($Guest.DiskNumber) holds a boot configuration store"
}

function Get-BootElement {
    # Through WMI: what bcdedit prints is translated. $null for an element, or an object, that is not there.
    param([Parameter(Mandatory)] [string] $Id, [Parameter(Mandatory)] [uint32] $Type, [Parameter(Mandatory)] [string] $Property)

    $store = (Invoke-CimMethod -Namespace 'root\WMI' -ClassName 'BcdStore' -MethodName 'OpenStore' -Arguments @{ File = $script:BootStore }).Store
    try {
        $object = (Invoke-CimMethod -InputObject $store -MethodName 'OpenObject' -Arguments @{ Id = $Id }).Object
        $answer = Invoke-CimMethod -InputObject $object -MethodName 'GetElement' -Arguments @{ Type = $Type }
        if ($answer.ReturnValue) { return $answer.Element.$Property }
    }
    catch { Write-Information "element $Type of $Id is not there" }
    return $null
}

function Get-BootSetting {
    # Element types: Boot Configuration Data WMI provider (BcdBootMgrElementTypes, BcdLibraryElementTypes,
    # BcdOSLoaderElementTypes). With each the bcdedit arguments that set it.
    $loader = Get-BootElement -Id $script:BootManager -Type 0x23000003 -Property 'Id'
    if (-not $loader) { throw 'BootLoaderNotFound: the boot manager names no default loader' }
    $ems = '/emssettings', 'EMSPORT:1', 'EMSBAUDRATE:115200'
    @{ Name = 'displaybootmenu'; Id = $script:BootManager; Type = 0x26000020; Property = 'Boolean'; Wanted = $true; Set = '/set', '{bootmgr}', 'displaybootmenu', 'yes' }
    @{ Name = 'timeout'; Id = $script:BootManager; Type = 0x25000004; Property = 'Integer'; Wanted = 5; Set = '/set', '{bootmgr}', 'timeout', '5' }
    @{ Name = 'bootems'; Id = $script:BootManager; Type = 0x16000020; Property = 'Boolean'; Wanted = $true; Set = '/set', '{bootmgr}', 'bootems', 'yes' }
    @{ Name = 'emsport'; Id = $script:EmsSettings; Type = 0x15000022; Property = 'Integer'; Wanted = 1; Set = $ems }
    @{ Name = 'emsbaudrate'; Id = $script:EmsSettings; Type = 0x15000023; Property = 'Integer'; Wanted = 115200; Set = $ems }
    @{ Name = 'ems'; Id = $loader; Type = 0x260000b0; Property = 'Boolean'; Wanted = $true; Set = '/ems', $loader, 'on' }
}

function Set-BootSetting {
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Setting)

    $before = Get-BootElement -Id $Setting.Id -Type $Setting.Type -Property $Setting.Property
    if ($before -eq $Setting.Wanted) { return }
    $arguments = $Setting.Set
    bcdedit.exe /store $script:BootStore @arguments | ForEach-Object { Write-Information $_ }
    if ($LASTEXITCODE -ne 0) { throw "BootStoreNotWritten: bcdedit.exe ended with $LASTEXITCODE at $($Setting.Name)" }
    $after = Get-BootElement -Id $Setting.Id -Type $Setting.Type -Property $Setting.Property
    if ($after -ne $Setting.Wanted) { throw "BootStoreNotWritten: $($Setting.Name) did not keep the value that was written" }
    Add-Action -What 'set boot element' -Target $Setting.Name -Before $before -After $after
}

$find = {
    $script:BootStore = Find-BootStore
    foreach ($setting in @(Get-BootSetting)) {
        $value = Get-BootElement -Id $setting.Id -Type $setting.Type -Property $setting.Property
        if ($value -ne $setting.Wanted) { Add-Finding -Code 'SerialConsoleOff' -Detail 'the boot store does not have the serial console on' -Data @{ element = $setting.Name } }
    }
}
$repair = {
    $copy = Backup-File -Guest $Guest -Path $script:BootStore -Name 'BCD'
    try { foreach ($setting in @(Get-BootSetting)) { Set-BootSetting -Setting $setting } }
    catch {
        Copy-Item -LiteralPath $copy -Destination $script:BootStore -Force
        throw
    }
}

Invoke-OfflineRepair -Id 'offline/serial-console' -Lun $Lun -FindFaults $find -RepairFaults $repair
