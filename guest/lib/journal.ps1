# rdp-medic-lib: journal
# What a run is about to write is written down before, with what it takes to take it back, and what it owes.
#
#   SOFTWARE\RDP Medic\Journal\<nonce>   0001, 0002...: lines what=, target=, before=, after=  (a running Windows only)
#   SOFTWARE\RDP Medic\Owed              owed: restart, group-policy; gave-way: what gave its port to RDP

$script:MedicKey = 'RDP Medic'
# More than one remediation writes.
$script:MostJournals = 24
$script:MostEntries = 200

function Get-OwedKey { return "$($script:Run.Windows.Software)\$script:MedicKey\Owed" }

function Get-JournalKey {
    param([Parameter(Mandatory)] [string] $Nonce)
    return "$($script:Run.Windows.Software)\$script:MedicKey\Journal\$Nonce"
}

function Get-OwedList {
    # A list of the key Owed: `owed` or `gave-way`.
    param([Parameter(Mandatory)] [string] $Name)
    $value = Read-Standing -Key (Get-OwedKey) -Name $Name
    if ($null -ne $value -and $value.Kind -eq 'MultiString') { $value.Data }
}

function Set-OwedList {
    # Empty: the value goes, or its key at once where that held nothing else.
    param([Parameter(Mandatory)] [string] $Name, [AllowEmptyCollection()] [string[]] $List = @())
    $key = Get-OwedKey
    if ($List.Count -gt 0) {
        Write-Standing -Key $key -Name $Name -Value (New-RegistryData -Kind 'MultiString' -Data $List)
        return
    }
    $found = Read-RegistryKey -Path $key
    if ($null -eq $found) { return }
    if (@($found.Values | Where-Object { $_.Name -ne $Name }).Count -gt 0) { Remove-RegistryValue -Path $key -Name $Name; return }
    Remove-RegistryKey -Path $key
    Remove-EmptyKey -Key (Split-Key $key) -UpTo (Split-Key $key)
}

function Test-Owed {
    param([Parameter(Mandatory)] [ValidateSet('restart', 'group-policy')] [string] $Word)
    return @(Get-OwedList -Name 'owed') -contains $Word
}

function Add-Owed {
    param([Parameter(Mandatory)] [ValidateSet('restart', 'group-policy')] [string] $Word)
    if (-not (Test-Owed -Word $Word)) { Set-OwedList -Name 'owed' -List (@(Get-OwedList -Name 'owed') + $Word) }
}

function Remove-Owed {
    param([Parameter(Mandatory)] [ValidateSet('restart', 'group-policy')] [string] $Word)
    if (Test-Owed -Word $Word) { Set-OwedList -Name 'owed' -List @(Get-OwedList -Name 'owed' | Where-Object { $_ -ne $Word }) }
}

function Add-Entry {
    # A write is about to be made. On a disk nothing is noted: its copy is thrown away instead.
    param([Parameter(Mandatory)] [string[]] $Lines)
    if (-not (Test-Online)) { return }
    if ($script:Run.RestartFollows) { Add-Owed -Word 'restart' }
    $key = Get-JournalKey -Nonce $script:Run.Nonce
    if (-not (Test-Key -Path $key)) {
        Remove-OldJournal
        Write-Standing -Key $key -Name 'at' -Value (New-RegistryData -Kind 'String' -Data (Format-Moment -Time (Get-Date)))
    }
    $last = 0
    foreach ($name in @(Get-EntryName -Nonce $script:Run.Nonce)) { $last = [int]$name }
    if ($last -ge $script:MostEntries) { throw 'JournalFull: the journal of this run holds no more entries' }
    Write-Standing -Key $key -Name ('{0:d4}' -f ($last + 1)) -Value (New-RegistryData -Kind 'MultiString' -Data $Lines)
}

function Get-EntryName {
    # Oldest first.
    param([Parameter(Mandatory)] [string] $Nonce)
    $key = Read-RegistryKey -Path (Get-JournalKey -Nonce $Nonce)
    if ($null -ne $key) { $key.Values | ForEach-Object { $_.Name } | Where-Object { $_ -match '^\d{4}$' } | Sort-Object }
}

function Remove-OldJournal {
    # Room for one more.
    $root = Split-Key (Get-JournalKey -Nonce 'x')
    $key = Read-RegistryKey -Path $root -Names '-'
    if ($null -eq $key) { return }
    $rows = @($key.Subkeys | ForEach-Object { (Get-TextValue -Path "$root\$_" -Name 'at') + ' ' + $_ } | Sort-Object)
    for ($at = 0; $at -le $rows.Count - $script:MostJournals; $at++) { Remove-RegistryKey -Path ("$root\" + $rows[$at].Substring($rows[$at].LastIndexOf(' ') + 1)) }
}

function Remove-EmptyKey {
    # Deletes a key, and those above it up to one of them, as far as they hold nothing.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $UpTo)
    for ($at = $Key; $at.Length -ge $UpTo.Length -and $at -ne ''; $at = Split-Key $at) {
        $found = Read-RegistryKey -Path $at
        if ($null -eq $found) { continue }
        if (@($found.Values).Count -gt 0 -or @($found.Subkeys).Count -gt 0) { return }
        Remove-RegistryKey -Path $at
    }
}

function Set-JournaledValue {
    # Writes ($null: deletes) a value, with its entry, and notes it.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name, [AllowNull()] [object] $After)
    $before = Read-Standing -Key $Key -Name $Name
    if ($null -eq $before -and $null -eq $After) { return }
    $lines = @('what=registry', "target=$Key", "name=$Name", ('made=' + (Find-MissingKey -Key $Key)), ('owed=' + (@(Get-OwedList -Name 'owed') -join ',')))
    Add-Entry -Lines ($lines + @(Get-DataLine -Word 'before' -Value $before) + @(Get-DataLine -Word 'after' -Value $After))
    Write-Standing -Key $Key -Name $Name -Value $After
    $now = Read-Standing -Key $Key -Name $Name
    Add-Written -What 'registry' -Target "$(Get-ShownKey -Key $Key)\$Name" -Before (ConvertTo-DataText $before) -After (ConvertTo-DataText $now)
}

function Get-DataLine {
    param([Parameter(Mandatory)] [string] $Word, [AllowNull()] [object] $Value)
    if ($null -eq $Value) { return "$Word-kind=none" }
    "$Word-kind=$($Value.Kind)"
    foreach ($item in @($Value.Data)) { "$Word=$item" }
}

function Find-MissingKey {
    # The topmost of the keys that a write has to make; '' where all are there.
    param([Parameter(Mandatory)] [string] $Key)
    $missing = ''
    for ($at = $Key; $at.Contains('\') -and -not (Test-Key -Path $at); $at = Split-Key $at) { $missing = $at }
    return $missing
}

function Get-ShownKey {
    # By the hive's own name, also where it is loaded under one of ours.
    param([Parameter(Mandatory)] [string] $Key)
    $windows = $script:Run.Windows
    if ($Key.StartsWith("$($windows.System)\")) { return 'SYSTEM' + $Key.Substring($windows.System.Length) }
    return 'SOFTWARE' + $Key.Substring($windows.Software.Length)
}
