# rdp-medic-lib: boot-store
# Elements of a boot store through WMI: what bcdedit prints is translated. Types: Boot Configuration Data WMI provider
# (BcdBootMgrElementTypes, BcdLibraryElementTypes, BcdOSLoaderElementTypes).

$script:BootManager = '{9dea862c-5cdd-4e70-acc1-f32b344d4795}'
$script:EmsSettings = '{0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9}'

function Get-BootElement {
    # $null for an element, or an object, that is not there. Store '' is this machine's own. Throws where there is no store.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Store, [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [uint32] $Type, [Parameter(Mandatory)] [string] $Property)
    $opened = Invoke-CimMethod -Namespace 'root\WMI' -ClassName 'BcdStore' -MethodName 'OpenStore' -Arguments @{ File = $Store } -ErrorAction Stop
    if (-not $opened.ReturnValue) { throw 'BootStoreNotFound: the boot store cannot be opened' }
    try {
        $object = (Invoke-CimMethod -InputObject $opened.Store -MethodName 'OpenObject' -Arguments @{ Id = $Id } -ErrorAction Stop).Object
        $answer = Invoke-CimMethod -InputObject $object -MethodName 'GetElement' -Arguments @{ Type = $Type } -ErrorAction Stop
        if ($answer.ReturnValue) { return $answer.Element.$Property }
    }
    catch { $null = $_ }
    return $null
}

function Get-DefaultLoader {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Store)
    return [string](Get-BootElement -Store $Store -Id $script:BootManager -Type 0x23000003 -Property 'Id')
}

function Get-LoaderDevice {
    # What the default loader starts from, by the disk's own names (flag 1: qualified): the GUID of a partition (GPT), or
    # its offset as text (MBR).
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Store)
    $loader = Get-DefaultLoader -Store $Store
    if (-not $loader) { return '' }
    $opened = Invoke-CimMethod -Namespace 'root\WMI' -ClassName 'BcdStore' -MethodName 'OpenStore' -Arguments @{ File = $Store } -ErrorAction Stop
    $object = (Invoke-CimMethod -InputObject $opened.Store -MethodName 'OpenObject' -Arguments @{ Id = $loader } -ErrorAction Stop).Object
    $answer = Invoke-CimMethod -InputObject $object -MethodName 'GetElementWithFlags' -Arguments @{ Type = [uint32]0x21000001; Flags = [uint32]1 } -ErrorAction Stop
    if (-not $answer.ReturnValue) { return '' }
    return [string]$answer.Element.Device.PartitionIdentifier
}
