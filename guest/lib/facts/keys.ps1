# rdp-medic-lib: facts/keys
# The folder of the machine keys, RDP's own key and the bound certificate's: who may do what, or why that cannot be seen.

$script:RdpContainer = 'TSSecKeySet1'

function New-SecuredPath { return [ordered]@{ state = 'unread'; owner = ''; sddl = ''; error = $null } }

function Get-KeyFolder {
    param([Parameter(Mandatory)] $Windows)
    return "$($Windows.Root)\ProgramData\Microsoft\Crypto\RSA\MachineKeys"
}

function Get-RdpKeyFile {
    # '' where the machine has no GUID.
    param([Parameter(Mandatory)] $Windows)
    $guid = Get-TextValue -Path "$($Windows.Software)\Microsoft\Cryptography" -Name 'MachineGuid'
    return Get-KeyFileName -Container $script:RdpContainer -MachineGuid $guid
}

function Read-KeyFact {
    param([Parameter(Mandatory)] $Windows)
    $keys = $script:Facts.keys
    $folder = Get-KeyFolder -Windows $Windows
    Set-Part -Name 'keys.folder' -Read { $keys.folder = Read-SecuredPath -Path $folder }
    Set-Part -Name 'keys.rdpKey' -Read {
        $file = Get-RdpKeyFile -Windows $Windows
        if ($file -ne '') { $keys.rdpKey = Read-SecuredPath -Path "$folder\$file" }
        else { throw 'MachineGuidMissing: the name of the key cannot be told' }
    }
    Set-Part -Name 'keys.boundKey' -Read {
        $container = Get-BoundKeyName -Windows $Windows
        if ($container -eq '') { return }
        $guid = Get-TextValue -Path "$($Windows.Software)\Microsoft\Cryptography" -Name 'MachineGuid'
        $file = Get-KeyFileName -Container $container -MachineGuid $guid
        if ($file -ne '') { $keys.boundKey = Read-SecuredPath -Path "$folder\$file" }
    }
    Set-Part -Name 'keys.files' -Read { if ($keys.folder.state -ne 'missing') { $keys.files = [int](Read-FileCount -Path $folder) } }
    if ($Windows.Scope -ne 'online') { return }
    Set-Part -Name 'keys.opens' -Read {
        $opens = Read-KeyOpens
        $keys.opens = $opens.Opens
        $keys.opensCode = [long]$opens.Code
    }
}

function Read-SecuredPath {
    # Missing (2, 3) is an answer, not an error.
    param([Parameter(Mandatory)] [string] $Path)
    $fact = New-SecuredPath
    try {
        $descriptor = Read-Descriptor -Path $Path
        if (([string]$descriptor.Sddl).Length -gt 8192) { throw 'DescriptorTooLong: more entries than can be told' }
        $fact.owner = Limit-Text $descriptor.Owner 184
        $fact.sddl = [string]$descriptor.Sddl
        $fact.state = 'here'
    }
    catch {
        if ((Get-ErrorCode -Failure $_) -in 2, 3) { $fact.state = 'missing' }
        else { $fact.error = New-Unread -Failure $_ }
    }
    return $fact
}
