# rdp-medic-lib: verbs/set-serial-console
# Set-SerialConsole: boot menu, EMS of boot manager and default loader, and its port, in the boot store of a disk. stands, set,
# missing, refused. The file is copied first (a store of another machine can be neither exported nor imported), and put back
# if a value is not kept.

$script:KeptFolder = 'C:\ProgramData\rdp-medic'

function Invoke-SetSerialConsole {
    param([Parameter(Mandatory)] $Change)
    $store = $script:Run.Windows.BootStore
    if ($store -eq '') { return 'missing' }
    $loader = Get-DefaultLoader -Store $store
    if ($loader -eq '') { return 'missing' }
    $wrong = @(Get-ConsoleSetting -Loader $loader | Where-Object { (Read-BootSetting -Setting $_) -cne $_.Wanted })
    if ($wrong.Count -eq 0) { return 'stands' }
    New-Folder -Path $script:KeptFolder
    Copy-Entry -From $store -To "$script:KeptFolder\BCD"
    $failure = $null
    try { foreach ($setting in $wrong) { Set-BootSetting -Setting $setting } }
    catch { $failure = $_ }
    if ($null -eq $failure -and @($wrong | Where-Object { (Read-BootSetting -Setting $_) -cne $_.Wanted }).Count -eq 0) { return 'set' }
    Copy-Entry -From "$script:KeptFolder\BCD" -To $store
    $script:Run.Wrote.Clear()
    if ($null -ne $failure) { throw $failure }
    return 'refused'
}

function Get-ConsoleSetting {
    # With each the bcdedit arguments that set it. The loader last: it is what the console hangs on.
    param([Parameter(Mandatory)] [string] $Loader)
    New-BootSetting -Name 'displaybootmenu' -Id $script:BootManager -Type 0x26000020 -Property 'Boolean' -Wanted 'True' -Set '/set', '{bootmgr}', 'displaybootmenu', 'yes'
    New-BootSetting -Name 'timeout' -Id $script:BootManager -Type 0x25000004 -Property 'Integer' -Wanted '5' -Set '/set', '{bootmgr}', 'timeout', '5'
    New-BootSetting -Name 'bootems' -Id $script:BootManager -Type 0x16000020 -Property 'Boolean' -Wanted 'True' -Set '/set', '{bootmgr}', 'bootems', 'yes'
    New-BootSetting -Name 'emsport' -Id $script:EmsSettings -Type 0x15000022 -Property 'Integer' -Wanted '1' -Set '/emssettings', 'EMSPORT:1'
    New-BootSetting -Name 'emsbaudrate' -Id $script:EmsSettings -Type 0x15000023 -Property 'Integer' -Wanted '115200' -Set '/emssettings', 'EMSPORT:1', 'EMSBAUDRATE:115200'
    New-BootSetting -Name 'ems' -Id $Loader -Type 0x260000b0 -Property 'Boolean' -Wanted 'True' -Set '/ems', $Loader, 'on'
}

function New-BootSetting {
    param([string] $Name, [string] $Id, [uint32] $Type, [string] $Property, [string] $Wanted, [string[]] $Set)
    return New-Object PSObject -Property @{ Name = $Name; Id = $Id; Type = $Type; Property = $Property; Wanted = $Wanted; Set = $Set }
}

function Read-BootSetting {
    # As text; $null where it is not there.
    param([Parameter(Mandatory)] $Setting)
    $value = Get-BootElement -Store $script:Run.Windows.BootStore -Id $Setting.Id -Type $Setting.Type -Property $Setting.Property
    if ($null -eq $value) { return $null }
    return [string]$value
}

function Set-BootSetting {
    param([Parameter(Mandatory)] $Setting)
    $before = Read-BootSetting -Setting $Setting
    $arguments = $Setting.Set
    $null = bcdedit.exe /store $script:Run.Windows.BootStore @arguments
    if ($LASTEXITCODE -ne 0) { throw "BootStoreNotWritten: bcdedit.exe ended with $LASTEXITCODE at $($Setting.Name)" }
    Add-Written -What 'boot' -Target $Setting.Name -Before $before -After (Read-BootSetting -Setting $Setting)
}
