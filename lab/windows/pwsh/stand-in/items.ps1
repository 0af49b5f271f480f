# The item cmdlets: registry, certificates and files, told apart by the server.

# The registry provider's handles are let go by a collection of all generations: noted to tell whether one came.
$script:CollectionsAtLastRead = [GC]::CollectionCount(2)

function Send-ItemCommand {
    param([string] $Name, [System.Collections.IDictionary] $Bound, [string] $Path, [object] $ErrorPreference)
    $arguments = @{} + $Bound
    $arguments.Remove('LiteralPath')
    $arguments['Path'] = $Path
    if ($Path -match '^HKLM:') { $script:CollectionsAtLastRead = [GC]::CollectionCount(2) }
    Send-Command -Name $Name -Bound $arguments -ErrorPreference $ErrorPreference
}

function Test-Path {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath)
    Send-ItemCommand 'Test-Path' $PSBoundParameters ($Path + $LiteralPath) $ErrorActionPreference
}

function Add-KeyMethod {
    # A registry key is an object of .NET's: single values come whatever the others are.
    param([Parameter(Mandatory)] [object] $Key)
    $Key | Add-Member -MemberType ScriptMethod -Name GetValue -Value {
        param($name, $default = $null, $options = 'None')
        $found = Send-Command 'Get-RegistryValue' @{ Path = $this.Name; Name = $name; Unexpanded = ([string]$options -eq 'DoNotExpandEnvironmentNames') }
        if ($null -eq $found) { return $default }
        return , $found.value
    }
    $Key | Add-Member -MemberType ScriptMethod -Name GetValueKind -Value {
        param($name)
        $found = Send-Command 'Get-RegistryValue' @{ Path = $this.Name; Name = $name; Unexpanded = $true }
        if ($null -eq $found) { throw [System.IO.IOException]::new("there is no value $name") }
        return [Microsoft.Win32.RegistryValueKind]$found.kind
    }
    $Key | Add-Member -MemberType ScriptMethod -Name GetValueNames -Value { , [string[]]@($this.ValueNames) }
    $Key | Add-Member -MemberType ScriptMethod -Name GetSubKeyNames -Value { , [string[]]@($this.SubKeyNames) }
    return $Key
}

function Get-Item {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath, [switch] $Force)
    foreach ($item in @(Send-ItemCommand 'Get-Item' $PSBoundParameters ($Path + $LiteralPath) $ErrorActionPreference)) {
        if ($Path + $LiteralPath -match '^HKLM:') { Add-KeyMethod $item } else { $item }
    }
}

function Get-ChildItem {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath, [switch] $Force)
    foreach ($item in @(Send-ItemCommand 'Get-ChildItem' $PSBoundParameters ($Path + $LiteralPath) $ErrorActionPreference)) {
        if ($Path + $LiteralPath -match '^HKLM:') { Add-KeyMethod $item } else { $item }
    }
}

function New-Item {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $ItemType, [object] $Value, [switch] $Force)
    # On a key that is there, -Force empties it: no script may do that unseen.
    if ($Path -match '^HKLM:' -and (Test-Path -LiteralPath $Path)) { throw "New-Item on a key that exists: $Path" }
    Send-ItemCommand 'New-Item' $PSBoundParameters $Path $ErrorActionPreference
}

function Remove-Item {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath, [switch] $Recurse, [switch] $Force)
    Send-ItemCommand 'Remove-Item' $PSBoundParameters ($Path + $LiteralPath) $ErrorActionPreference
}

function Move-Item {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath, [Parameter(Position = 1)] [string] $Destination, [switch] $Force)
    Send-ItemCommand 'Move-Item' $PSBoundParameters ($Path + $LiteralPath) $ErrorActionPreference
}

function Copy-Item {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath, [Parameter(Position = 1)] [string] $Destination, [switch] $Force)
    Send-ItemCommand 'Copy-Item' $PSBoundParameters ($Path + $LiteralPath) $ErrorActionPreference
}

function Get-ItemProperty {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath)
    $values = Send-ItemCommand 'Get-ItemProperty' $PSBoundParameters ($Path + $LiteralPath) $ErrorActionPreference
    # A key without values gives nothing at all.
    if ($null -ne $values -and @($values.PSObject.Properties).Count -gt 0) { $values }
}

function New-ItemProperty {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath, [string] $Name, [object] $Value, [string] $PropertyType = 'String', [switch] $Force)
    $key = $Path + $LiteralPath
    if (-not (Test-Path -LiteralPath $key)) { throw "there is no key $key" }
    Send-ItemCommand 'Set-ItemProperty' @{ Name = $Name; Value = $Value; Type = $PropertyType } $key $ErrorActionPreference
}

function Remove-ItemProperty {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath, [Parameter(Position = 1)] [string] $Name, [switch] $Force)
    Send-ItemCommand 'Remove-ItemProperty' $PSBoundParameters ($Path + $LiteralPath) $ErrorActionPreference
}

# Windows' separators, and drives that this system does not have.
function Join-Path {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [Parameter(Position = 1)] [string] $ChildPath)
    return $Path.TrimEnd('\') + '\' + $ChildPath.TrimStart('\')
}

function Split-Path {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [switch] $Leaf)
    $cut = $Path.LastIndexOf('\')
    if ($Leaf) { return $Path.Substring($cut + 1) }
    return $Path.Substring(0, [Math]::Max(0, $cut))
}
