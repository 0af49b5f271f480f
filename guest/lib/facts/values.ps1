# rdp-medic-lib: facts/values
# Small things that every part of the facts is made of. A part that fails says so in the facts; it never ends the run.

function New-Unread {
    # Why something could not be read.
    param([Parameter(Mandatory)] [object] $Failure)
    return [ordered]@{ code = Get-ErrorCode -Failure $Failure; text = Get-ErrorText -Failure $Failure }
}

function New-List {
    # A list that may be long: what is in it, capped, and how many there are in truth.
    param([AllowNull()] [AllowEmptyCollection()] [object[]] $Items = @(), [int] $Most = 32, [int] $Total = -1)
    $all = @($Items)
    $count = $(if ($Total -ge 0) { $Total } else { $all.Count })
    return [ordered]@{ total = $count; items = @($all | Select-Object -First $Most); error = $null }
}

function Set-List {
    # Fills a list of the facts; what is thrown on the way is the list's error.
    param([Parameter(Mandatory)] [string] $Name, [int] $Most = 32, [Parameter(Mandatory)] [scriptblock] $Read)
    try { $script:Facts[$Name] = New-List -Items @(& $Read) -Most $Most }
    catch { $script:Facts[$Name].error = New-Unread -Failure $_ }
}

function Set-Part {
    # Fills a part that has no place for an error of its own: that goes to `unread`, under the part's name.
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [scriptblock] $Read)
    try { $null = & $Read }
    catch { $script:Facts.unread += , ([ordered]@{ what = $Name; error = New-Unread -Failure $_ }) }
}

function Limit-Text {
    param([AllowNull()] [object] $Text, [int] $Most = 256)
    $text = [string]$Text
    if ($text.Length -gt $Most) { return $text.Substring(0, $Most) }
    return $text
}

function Get-Value {
    # One value of a key (Name, Kind, Data); $null where it or its key is not there.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Name)
    $key = Read-RegistryKey -Path $Path -Names $Name
    if ($null -eq $key) { return $null }
    foreach ($value in @($key.Values)) { return $value }
    return $null
}

function Get-NumberValue {
    # A REG_DWORD, unsigned; $null for anything else.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Name)
    $value = Get-Value -Path $Path -Name $Name
    if ($null -eq $value -or $value.Kind -ne 'DWord') { return $null }
    return [long]$value.Data
}

function Get-TextValue {
    # A REG_SZ or REG_EXPAND_SZ, unexpanded; '' for anything else.
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Name)
    $value = Get-Value -Path $Path -Name $Name
    if ($null -eq $value -or $value.Kind -notin 'String', 'ExpandString') { return '' }
    return [string]$value.Data
}

function Get-RdpPort {
    # The number the listener is set to, whether or not it can be one; 3389 where it is not set.
    param([Parameter(Mandatory)] $Windows)
    $port = Get-NumberValue -Path "$(Get-SetKey -Windows $Windows -Set $Windows.Sets[0])\Control\Terminal Server\WinStations\RDP-Tcp" -Name 'PortNumber'
    if ($null -eq $port) { return [long]3389 }
    return $port
}
