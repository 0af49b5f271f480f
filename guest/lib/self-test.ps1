# rdp-medic-lib: self-test
# The lines of the seam run on a real Windows only. Before anything they say of a disk is believed, they write, read and take
# back a registry key, a file and its permissions of the rescue VM's own.

$script:TestKey = 'SOFTWARE\RdpMedicSelfTest'
$script:TestFolder = 'ProgramData\rdp-medic-self-test'
# Small, and every Windows has it.
$script:TestSource = 'Windows\System32\drivers\etc\hosts'
# Each kind that is ever written, with what gets lost easily: a number beyond Int32, a name that is not to be expanded, zeros.
$script:TestValues = @(
    @{ Name = 'number'; Kind = 'DWord'; Data = [long]4294967295 }
    @{ Name = 'text'; Kind = 'String'; Data = 'one' }
    @{ Name = 'path'; Kind = 'ExpandString'; Data = '%SystemRoot%\one' }
    @{ Name = 'list'; Kind = 'MultiString'; Data = @('one', 'two') }
    @{ Name = 'bytes'; Kind = 'Binary'; Data = '00ff10' }
)
$script:TestAccess = 'D:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;NS)'
$script:TestOwners = @('S-1-5-18', 'S-1-5-32-544')

function Test-Seam {
    # Throws SelfTestFailed where the seam does not do what it says. What a run that was cut off left goes first.
    $root = (Get-RunningWindows).Root
    $failure = $null
    try {
        Clear-SelfTest -Root $root
        Test-RegistrySeam
        Test-FileSeam -Root $root
    }
    catch { $failure = $_ }
    try { Clear-SelfTest -Root $root } catch { if ($null -eq $failure) { $failure = $_ } }
    if ($null -ne $failure) { throw ('SelfTestFailed: ' + (Get-ErrorText -Failure $failure)) }
}

function Clear-SelfTest {
    param([Parameter(Mandatory)] [string] $Root)
    $folder = "$Root\$script:TestFolder"
    Remove-RegistryKey -Path $script:TestKey
    foreach ($path in "$folder\one", "$folder\two", $folder) { Remove-Entry -Path $path }
    Assert-Same -What 'a key that was deleted' -Is ($null -eq (Read-RegistryKey -Path $script:TestKey)) -Wanted $true
    Assert-Same -What 'a folder that was deleted' -Is (Read-EntryKind -Path $folder) -Wanted 'none'
}

function Test-RegistrySeam {
    foreach ($value in $script:TestValues) { Write-RegistryValue -Path $script:TestKey -Name $value.Name -Kind $value.Kind -Data $value.Data }
    foreach ($value in $script:TestValues) {
        $found = @((Read-RegistryKey -Path $script:TestKey -Names $value.Name).Values)
        Assert-Same -What "how often $($value.Name) is there" -Is $found.Count -Wanted 1
        Assert-Same -What "the kind of $($value.Name)" -Is $found[0].Kind -Wanted $value.Kind
        Assert-Same -What "the data of $($value.Name)" -Is (@($found[0].Data) -join ',') -Wanted (@($value.Data) -join ',')
    }
    Remove-RegistryValue -Path $script:TestKey -Name $script:TestValues[0].Name
    $left = @((Read-RegistryKey -Path $script:TestKey).Values)
    Assert-Same -What 'how many values are left of one deleted' -Is $left.Count -Wanted ($script:TestValues.Count - 1)
}

function Test-FileSeam {
    param([Parameter(Mandatory)] [string] $Root)
    $one = "$Root\$script:TestFolder\one"
    $two = "$Root\$script:TestFolder\two"
    New-Folder -Path "$Root\$script:TestFolder"
    Copy-Entry -From "$Root\$script:TestSource" -To $one
    Assert-Same -What 'the length of a copy' -Is (Read-FileLength -Path $one) -Wanted (Read-FileLength -Path "$Root\$script:TestSource")
    Move-Entry -From $one -To $two
    Assert-Same -What 'where a file was moved from' -Is (Read-EntryKind -Path $one) -Wanted 'none'
    $code = 0
    try { $null = Read-Descriptor -Path $one } catch { $code = Get-ErrorCode -Failure $_ }
    Assert-Same -What 'the error for a file that is not there' -Is $code -Wanted 2
    $before = Read-Descriptor -Path $two
    Write-Descriptor -Path $two -Sddl $script:TestAccess
    Assert-Same -What 'entries that were written' -Is (Get-OwnEntry -Sddl (Read-Descriptor -Path $two).Sddl) -Wanted (Get-OwnEntry -Sddl $script:TestAccess)
    foreach ($owner in $script:TestOwners) {
        Write-Owner -Path $two -Sid $owner
        Assert-Same -What 'the owner that was written' -Is (Read-Descriptor -Path $two).Owner -Wanted $owner
    }
    Write-Descriptor -Path $two -Sddl $before.Sddl
    Assert-Same -What 'entries that were put back' -Is (Get-OwnEntry -Sddl (Read-Descriptor -Path $two).Sddl) -Wanted (Get-OwnEntry -Sddl $before.Sddl)
}

function Get-OwnEntry {
    # In any order; P where it takes none from above.
    param([Parameter(Mandatory)] [string] $Sddl)
    $own = @($Sddl -split '(\([^)]*\))' | Where-Object { $_ -like '(*' -and $_ -cnotmatch '^\([^;]*;[^;]*ID;' } | Sort-Object)
    return $(if ($Sddl -cmatch '^D:[A-Z]*P') { 'P' } else { '' }) + ($own -join '')
}

function Assert-Same {
    param([Parameter(Mandatory)] [string] $What, [AllowNull()] [AllowEmptyString()] [object] $Is, [AllowNull()] [AllowEmptyString()] [object] $Wanted)
    if ([string]$Is -cne [string]$Wanted) { throw "$What is '$Is', not '$Wanted'" }
}
