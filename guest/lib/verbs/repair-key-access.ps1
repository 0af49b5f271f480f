# rdp-medic-lib: verbs/repair-key-access
# Repair-KeyAccess: makes the folder of the machine keys, RDP's own key or the bound certificate's usable again, and no other
# software's. stands, repaired, made (the folder), missing, refused.

$script:Administrators = 'S-1-5-32-544'
# As a fresh Windows has the folder, with SYSTEM named: everybody may make keys in it.
$script:FolderAccess = 'D:PAI(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x12019f;;;WD)'

function Invoke-RepairKeyAccess {
    param([Parameter(Mandatory)] $Change)
    $path = Get-KeyPath -What $Change.what
    if ($path -eq '') { return 'missing' }
    # SYSTEM replaces RDP's own key; the bound certificate's is an administrator's.
    $bits = $(if ($Change.what -eq 'bound-key') { 0 } else { 3 })
    $before = $null
    try { $before = Read-Descriptor -Path $path }
    catch {
        if ((Get-ErrorCode -Failure $_) -in 2, 3) {
            if ($Change.what -ne 'folder') { return 'missing' }
            return New-KeyFolder -Path $path
        }
    }
    if ($null -ne $before -and (Test-KeyUsable -Sddl $before.Sddl -SystemBits $bits)) { return 'stands' }
    if ($null -eq $before) {
        Set-KeyOwner -Path $path -Before ''
        $before = Read-Descriptor -Path $path
    }
    if (-not (Test-KeyUsable -Sddl $before.Sddl -SystemBits $bits)) { Set-KeyAccess -Path $path -Before $before }
    return $(if (Test-KeyUsable -Sddl (Read-Descriptor -Path $path).Sddl -SystemBits $bits) { 'repaired' } else { 'refused' })
}

function Get-KeyPath {
    # '' where it cannot be told.
    param([Parameter(Mandatory)] [string] $What)
    $windows = $script:Run.Windows
    $folder = Get-KeyFolder -Windows $windows
    if ($What -eq 'folder') { return $folder }
    $file = Get-RdpKeyFile -Windows $windows
    if ($What -eq 'bound-key') {
        $guid = Get-TextValue -Path "$($windows.Software)\Microsoft\Cryptography" -Name 'MachineGuid'
        $file = Get-KeyFileName -Container (Get-BoundKeyName -Windows $windows) -MachineGuid $guid
    }
    if ($file -eq '') { return '' }
    return "$folder\$file"
}

function Set-KeyAccess {
    # One write: grants and denials together, so that nothing stands half done.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] $Before)
    $after = Edit-Sddl -Sddl $Before.Sddl
    Add-Entry -Lines 'what=access', "target=$Path", "before=$($Before.Sddl)", "after=$after"
    try { Write-Descriptor -Path $Path -Sddl $after }
    catch {
        Set-KeyOwner -Path $Path -Before $Before.Owner
        Write-Descriptor -Path $Path -Sddl $after
    }
    Add-Written -What 'access' -Target $Path -Before $Before.Sddl -After (Read-Descriptor -Path $Path).Sddl
}

function Set-KeyOwner {
    # The owner that nobody may read stays unknown: it cannot be given back.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Before)
    Add-Entry -Lines 'what=access-owner', "target=$Path", "before=$Before", "after=$script:Administrators"
    Write-Owner -Path $Path -Sid $script:Administrators
    Add-Written -What 'access-owner' -Target $Path -Before $(if ($Before -eq '') { $null } else { $Before }) -After $script:Administrators
}

function New-KeyFolder {
    # Under another name first: cut off before it has its rights, it must not pass for the folder.
    param([Parameter(Mandatory)] [string] $Path)
    $fresh = "$Path-rdp-medic-new"
    Add-Entry -Lines 'what=folder-made', "target=$Path"
    New-Folder -Path $fresh
    Write-Descriptor -Path $fresh -Sddl $script:FolderAccess
    Move-Entry -From $fresh -To $Path
    Add-Written -What 'folder' -Target $Path -Before $null -After $script:FolderAccess
    return 'made'
}
