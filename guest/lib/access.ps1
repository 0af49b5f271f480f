# rdp-medic-lib: access
# Who may do what with RDP's keys, from the text of a descriptor (D: part; [MS-DTYP] 2.5.1).

$script:AccessSids = @{
    SY = 'S-1-5-18'; NS = 'S-1-5-20'; BA = 'S-1-5-32-544'; BU = 'S-1-5-32-545'; AU = 'S-1-5-11'; SU = 'S-1-5-6'; WD = 'S-1-1-0'
}
$script:SystemSids = @('S-1-5-18', 'S-1-5-32-544', 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-545')
$script:NetworkServiceSids = @('S-1-5-20', 'S-1-5-6', 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-545')
# Read is bit 1, write bit 2; of the letters only those that hold one of the two.
$script:AccessBits = @{ FA = 3; GA = 3; FR = 1; GR = 1; CC = 1; FW = 2; GW = 2; DC = 2 }

function ConvertFrom-Sddl {
    # All entries, with what they say about reading and writing.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Sddl)
    foreach ($text in @($Sddl -split '(\([^)]*\))' | Where-Object { $_ -match '^\(' })) {
        $parts = @($text.Trim('()') -split ';') + @('', '', '', '', '', '')
        $sid = $parts[5]
        if ($script:AccessSids.ContainsKey($sid)) { $sid = $script:AccessSids[$sid] }
        New-Object PSObject -Property @{
            Text = $text; Denies = $parts[0] -ceq 'D'; Sid = $sid
            Inherited = Test-AccessFlag -Flags $parts[1] -Flag 'ID'
            # For what is made below it only; other types (audit, conditional) grant nothing.
            ForChildren = (Test-AccessFlag -Flags $parts[1] -Flag 'IO') -or @('A', 'D') -cnotcontains $parts[0]
            Bits = ConvertTo-AccessBit -Rights $parts[2]
        }
    }
}

function Test-AccessFlag {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Flags, [Parameter(Mandatory)] [string] $Flag)
    return $Flags -cmatch ('^(?:..)*' + $Flag + '(?:..)*$')
}

function ConvertTo-AccessBit {
    # Letters, two by two, or a number in which generic all (28th bit), read (31st) and write (30th) may stand.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Rights)
    $bits = 0
    if ($Rights -like '0x*') {
        $mask = [long]$Rights
        $bits = $mask -band 3
        if (($mask -band 268435456) -ne 0) { $bits = 3 }
        if (($mask -band 2147483648) -ne 0) { $bits = $bits -bor 1 }
        if (($mask -band 1073741824) -ne 0) { $bits = $bits -bor 2 }
        return [int]$bits
    }
    for ($at = 0; $at + 1 -lt $Rights.Length; $at += 2) {
        $word = $Rights.Substring($at, 2)
        if ($script:AccessBits.ContainsKey($word)) { $bits = $bits -bor $script:AccessBits[$word] }
    }
    return [int]$bits
}

function Test-EntryAccess {
    # Whether an account in these groups has all bits: own denials, own grants, inherited denials, inherited grants, as
    # Windows keeps and weighs them.
    param([AllowEmptyCollection()] [object[]] $Entries, [Parameter(Mandatory)] [string[]] $Sids, [Parameter(Mandatory)] [int] $Bits)
    $open = $Bits
    foreach ($rank in @(@($false, $true), @($false, $false), @($true, $true), @($true, $false))) {
        foreach ($entry in $Entries) {
            if ($entry.Inherited -ne $rank[0] -or $entry.Denies -ne $rank[1] -or $entry.ForChildren -or $Sids -notcontains $entry.Sid) { continue }
            if ($entry.Denies -and ($entry.Bits -band $open) -ne 0) { return $false }
            if (-not $entry.Denies) { $open = $open -band -bnot $entry.Bits }
        }
    }
    return $open -eq 0
}

function Test-KeyUsable {
    # TermService reads as NETWORK SERVICE; SYSTEM replaces RDP's own (SystemBits 3). No list at all lets everybody.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Sddl, [Parameter(Mandatory)] [int] $SystemBits)
    if ($Sddl.Contains('NO_ACCESS_CONTROL')) { return $true }
    $entries = @(ConvertFrom-Sddl -Sddl $Sddl)
    return (Test-EntryAccess -Entries $entries -Sids $script:SystemSids -Bits $SystemBits) -and (Test-EntryAccess -Entries $entries -Sids $script:NetworkServiceSids -Bits 1)
}

function Edit-Sddl {
    # The same with the runbook's grants (Administrators and SYSTEM all, NETWORK SERVICE read) and without what keeps Windows
    # out; cut off from above where that denies.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Sddl)
    $ours = $script:SystemSids + $script:NetworkServiceSids
    $entries = @(ConvertFrom-Sddl -Sddl $Sddl)
    $kept = @($entries | Where-Object { -not ($_.Denies -and -not $_.ForChildren -and $ours -contains $_.Sid) })
    $isCutOff = @($entries | Where-Object { $_.Inherited }).Count -ne @($kept | Where-Object { $_.Inherited }).Count
    $flags = ''
    if ($Sddl -cmatch '^D:([A-Z]*)') { $flags = $Matches[1] }
    if ($isCutOff -and -not $flags.Contains('P')) { $flags = "P$flags" }
    $own = @($kept | Where-Object { $isCutOff -or -not $_.Inherited } | ForEach-Object { $_.Text -creplace '^(\([AD];(?:..)*?)ID((?:..)*;)', '$1$2' })
    $grants = @(@('(A;;FA;;;BA)', 'S-1-5-32-544', 3), @('(A;;FA;;;SY)', 'S-1-5-18', 3), @('(A;;FR;;;NS)', 'S-1-5-20', 1))
    foreach ($grant in $grants) {
        $has = @($kept | Where-Object { -not $_.Denies -and -not $_.ForChildren -and $_.Sid -eq $grant[1] -and ($_.Bits -band $grant[2]) -eq $grant[2] })
        if ($has.Count -eq 0) { $own += $grant[0] }
    }
    return "D:$flags" + ($own -join '')
}

function Get-ComparableAccess {
    # The own entries as a set, and whether it takes more from above: what counts when two descriptors are compared.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Sddl)
    $own = @(ConvertFrom-Sddl -Sddl $Sddl | Where-Object { -not $_.Inherited } | ForEach-Object { $_.Text -creplace '^(\([AD];)(?:OI|CI)+', '$1' } | Sort-Object)
    return $(if ($Sddl -cmatch '^D:[A-Z]*P') { 'P' } else { '' }) + ($own -join '')
}
