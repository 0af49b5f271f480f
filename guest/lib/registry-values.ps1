# rdp-medic-lib: registry-values
# Registry values as changes name them: kind and data (shared/model/change.ts), $null where there is none. What is compared
# is compared as its kind counts: numbers unsigned, texts and lists letter by letter.

function Read-Standing {
    # What stands in a value: Kind and Data, or $null.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name)
    $value = Get-Value -Path $Key -Name $Name
    if ($null -eq $value) { return $null }
    return New-RegistryData -Kind $value.Kind -Data $value.Data
}

function New-RegistryData {
    param([Parameter(Mandatory)] [string] $Kind, [AllowNull()] [AllowEmptyString()] [AllowEmptyCollection()] [object] $Data)
    if ($Kind -eq 'DWord') { $Data = [long]$Data }
    elseif ($Kind -eq 'MultiString') { $Data = [string[]]@($Data) }
    else { $Data = [string]$Data }
    return New-Object PSObject -Property @{ Kind = $Kind; Data = $Data }
}

function ConvertFrom-ChangeData {
    # `before` and `after` of a change.
    param([AllowNull()] [object] $Value)
    if ($null -eq $Value) { return $null }
    return New-RegistryData -Kind $Value.kind -Data $Value.data
}

function Test-SameData {
    param([AllowNull()] [object] $One, [AllowNull()] [object] $Other)
    if ($null -eq $One -or $null -eq $Other) { return ($null -eq $One) -eq ($null -eq $Other) }
    if ($One.Kind -cne $Other.Kind) { return $false }
    if ($One.Kind -ne 'MultiString') { return [string]$One.Data -ceq [string]$Other.Data }
    $list = @($One.Data)
    $others = @($Other.Data)
    if ($list.Count -ne $others.Count) { return $false }
    for ($at = 0; $at -lt $list.Count; $at++) { if ($list[$at] -cne $others[$at]) { return $false } }
    return $true
}

function Test-AsBefore {
    # A kind that changes have no word for is told by its bytes.
    param([AllowNull()] [object] $Now, [AllowNull()] [object] $Before)
    if (Test-SameData -One $Now -Other $Before) { return $true }
    if ($null -eq $Now -or $null -eq $Before -or $Now.Kind -notin 'QWord', 'Malformed', 'Other') { return $false }
    return $Before.Kind -eq 'Binary' -and [string]$Now.Data -ceq [string]$Before.Data
}

function ConvertTo-DataText {
    # Numbers in decimal, lists by commas, bytes as hex; $null where there is none.
    param([AllowNull()] [object] $Value)
    if ($null -eq $Value) { return $null }
    return @($Value.Data) -join ','
}

function Write-Standing {
    # $null deletes. No tool of Windows writes bytes that do not fit their kind.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name, [AllowNull()] [object] $Value)
    if ($null -eq $Value) { Remove-RegistryValue -Path $Key -Name $Name; return }
    if ($Value.Kind -in 'Malformed', 'Other') { throw "KindUnwritable: a value of the kind $($Value.Kind) cannot be written" }
    Write-RegistryValue -Path $Key -Name $Name -Kind $Value.Kind -Data $Value.Data
}

function Test-Key {
    param([Parameter(Mandatory)] [string] $Path)
    return $null -ne (Read-RegistryKey -Path $Path -Names '-')
}

function Split-Key {
    # The key above.
    param([Parameter(Mandatory)] [string] $Path)
    return $Path -replace '\\?[^\\]*$', ''
}
