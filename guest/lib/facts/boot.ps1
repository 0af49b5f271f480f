# rdp-medic-lib: facts/boot
# The elements of the boot store that the serial console needs: this machine's own store, or that of the disk.

# bcdedit's names, with WMI's types and the property the value comes in.
$script:BootElements = @(
    @{ Object = 'bootmgr'; Element = 'displaybootmenu'; Type = 0x26000020; Property = 'Boolean' }
    @{ Object = 'bootmgr'; Element = 'timeout'; Type = 0x25000004; Property = 'Integer' }
    @{ Object = 'bootmgr'; Element = 'bootems'; Type = 0x16000020; Property = 'Boolean' }
    @{ Object = 'emssettings'; Element = 'emsport'; Type = 0x15000022; Property = 'Integer' }
    @{ Object = 'emssettings'; Element = 'emsbaudrate'; Type = 0x15000023; Property = 'Integer' }
    @{ Object = 'loader'; Element = 'ems'; Type = 0x260000b0; Property = 'Boolean' }
)

function Read-BootFact {
    param([Parameter(Mandatory)] $Windows)
    $store = $Windows.BootStore
    if ($Windows.Scope -eq 'offline' -and $store -eq '') { throw 'BootStoreNotFound: no partition of the disk holds a boot configuration store' }
    $loader = Get-DefaultLoader -Store $store
    if (-not $loader) { throw 'BootLoaderNotFound: the boot manager names no default loader' }
    $ids = @{ bootmgr = $script:BootManager; emssettings = $script:EmsSettings; loader = $loader }
    $script:Facts.boot = @(foreach ($one in $script:BootElements) {
            $value = Get-BootElement -Store $store -Id $ids[$one.Object] -Type $one.Type -Property $one.Property
            $text = $null
            if ($value -is [bool]) { $text = $(if ($value) { 'true' } else { 'false' }) } elseif ($null -ne $value) { $text = Limit-Text $value 32 }
            [ordered]@{ object = $one.Object; element = $one.Element; value = $text }
        })
}
