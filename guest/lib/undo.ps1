# rdp-medic-lib: undo
# Takes back what the journal of a run says, newest first, as far as what was written still stands. Each entry goes when it is
# done, so that a run cut off goes on where it was. Certificates, their keys and a folder for them stay: they are new by nature.

$script:MostOutcomes = 64

function Invoke-Undo {
    # Gives back an outcome an entry: undone, moved, stands, refused.
    param([Parameter(Mandatory)] [string] $Nonce)
    $key = Get-JournalKey -Nonce $Nonce
    if (-not (Test-Key -Path $key)) { throw 'JournalMissing: there is no journal of that run' }
    Add-Owed -Word 'restart'
    $names = @(Get-EntryName -Nonce $Nonce)
    $stopped = @()
    $count = 0
    for ($at = $names.Count - 1; $at -ge 0; $at--) {
        $entry = Read-Entry -Key $key -Name $names[$at]
        # A service that was stopped is started below: its entry says so until then.
        if ($entry.what[0] -eq 'service-stop') { $stopped += $entry.target[0]; continue }
        $outcome = Invoke-EntryUndo -Entry $entry -Index $count
        if ($count -lt $script:MostOutcomes) { $outcome; $count++ }
        Remove-RegistryValue -Path $key -Name $names[$at]
    }
    # Whoever held the port gets it back before RDP looks for it.
    if ($stopped.Count -gt 0) {
        try { $null = Stop-NamedService -Name 'TermService' } catch { $null = $_ }
        foreach ($name in @($stopped | Select-Object -Unique)) {
            $outcome = Invoke-StopUndo -Name $name -Index $count
            if ($count -lt $script:MostOutcomes) { $outcome; $count++ }
        }
    }
    try { $null = Restart-ServiceList -Names 'SessionEnv', 'TermService' } catch { $null = $_ }
    # What a disabled TermService owes, its start pays.
    Remove-Owed -Word 'restart'
    # Whoever gave way is back where they were.
    Set-OwedList -Name 'gave-way'
    Remove-RegistryKey -Path $key
    Remove-EmptyKey -Key (Split-Key $key) -UpTo (Split-Key (Split-Key $key))
}

function Read-Entry {
    # Its lines by their words; a word may stand several times.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Name)
    $entry = @{ what = @(''); target = @(''); name = @(''); made = @(''); before = @(); after = @(); field = @(''); owed = @(''); 'before-kind' = @('none'); 'after-kind' = @('none') }
    $value = Read-Standing -Key $Key -Name $Name
    if ($null -eq $value -or $value.Kind -ne 'MultiString') { return $entry }
    $seen = @{}
    foreach ($line in @($value.Data)) {
        $cut = $line.IndexOf('=')
        if ($cut -lt 1) { continue }
        $word = $line.Substring(0, $cut)
        if (-not $seen.ContainsKey($word)) { $entry[$word] = @(); $seen[$word] = $true }
        $entry[$word] = @($entry[$word]) + $line.Substring($cut + 1)
    }
    return $entry
}

function Get-EntryText {
    param([Parameter(Mandatory)] $Entry, [Parameter(Mandatory)] [string] $Word)
    if (@($Entry[$Word]).Count -eq 0) { return '' }
    return [string]@($Entry[$Word])[0]
}

function Invoke-EntryUndo {
    param([Parameter(Mandatory)] $Entry, [Parameter(Mandatory)] [int] $Index)
    $script:Run.Wrote.Clear()
    $word = 'refused'
    $failure = $null
    try { $word = [string](Undo-Entry -Entry $Entry) } catch { $failure = New-Failure -Failure $_ }
    $target = [ordered]@{ name = 'target'; value = Limit-Text (Get-EntryText $Entry 'target') }
    return [ordered]@{ change = $Index; do = Get-EntryText $Entry 'what'; word = $word; wrote = $script:Run.Wrote.ToArray(); data = @($target); error = $failure }
}

function Invoke-StopUndo {
    # Starts a service that was stopped, and says whether it runs.
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [int] $Index)
    $script:Run.Wrote.Clear()
    $word = 'refused'
    $failure = $null
    try {
        $started = Start-NamedService -Name $Name
        if ($started.Code -eq 0) {
            $word = 'undone'
            Add-Written -What 'service-run' -Target $Name -Before 'Stopped' -After 'Running'
        }
        else { $failure = [ordered]@{ code = $started.Code; text = Limit-Text $started.Text } }
    }
    catch { $failure = New-Failure -Failure $_ }
    $target = [ordered]@{ name = 'target'; value = Limit-Text $Name }
    return [ordered]@{ change = $Index; do = 'service-stop'; word = $word; wrote = $script:Run.Wrote.ToArray(); data = @($target); error = $failure }
}

function Undo-Entry {
    param([Parameter(Mandatory)] $Entry)
    $target = Get-EntryText $Entry 'target'
    $before = Get-EntryText $Entry 'before'
    $after = Get-EntryText $Entry 'after'
    switch (Get-EntryText $Entry 'what') {
        'registry' { return Undo-Registry -Entry $Entry }
        'service-start' { return Undo-StartType -Name $target -Before $before -After $after }
        'service-account' { return Undo-Account -Name $target -Before $before -After $after }
        'firewall' { return Undo-RuleField -Name $target -Field (Get-EntryText $Entry 'field') -Before $before -After $after }
        'firewall-made' { return Undo-Rule -Name $target }
        'access' { return Undo-Access -Path $target -Before $before -After $after }
        'access-owner' { return Undo-Owner -Path $target -Before $before }
    }
    return 'stands'
}

function Get-EntryData {
    param([Parameter(Mandatory)] $Entry, [Parameter(Mandatory)] [ValidateSet('before', 'after')] [string] $Word)
    $kind = Get-EntryText $Entry "$Word-kind"
    if ($kind -eq 'none') { return $null }
    if ($kind -eq 'MultiString') { return New-RegistryData -Kind $kind -Data @($Entry[$Word]) }
    return New-RegistryData -Kind $kind -Data (Get-EntryText $Entry $Word)
}

function Undo-Registry {
    param([Parameter(Mandatory)] $Entry)
    $key = Get-EntryText $Entry 'target'
    $name = Get-EntryText $Entry 'name'
    $before = Get-EntryData $Entry 'before'
    $now = Read-Standing -Key $key -Name $name
    $isPolicy = $key -like '*\Services\gpsvc' -and $name -eq 'Start'
    $wasHeld = $isPolicy -and (ConvertTo-DataText $before) -eq '4'
    if (-not (Test-SameData -One $now -Other $before)) {
        if (-not (Test-SameData -One $now -Other (Get-EntryData $Entry 'after'))) { return 'moved' }
        # Held off by us before: so it is again.
        if ($wasHeld -and ((Get-EntryText $Entry 'owed') -split ',') -contains 'group-policy') { Add-Owed -Word 'group-policy' }
        Write-Standing -Key $key -Name $name -Value $before
        Add-Written -What 'registry' -Target "$(Get-ShownKey -Key $key)\$name" -Before (ConvertTo-DataText $now) -After (ConvertTo-DataText $before)
    }
    # Group Policy is as it was before us.
    if ($isPolicy -and -not $wasHeld) { Remove-Owed -Word 'group-policy' }
    $made = Get-EntryText $Entry 'made'
    if ($made -ne '') { Remove-EmptyKey -Key $key -UpTo $made }
    return 'undone'
}

function Undo-StartType {
    param([string] $Name, [string] $Before, [string] $After)
    $row = Get-NamedService -Name $Name
    if ($null -eq $row) { return 'moved' }
    if ($row.Start -eq $Before) { return 'undone' }
    if ($row.Start -ne $After -or $Before -notin 'Automatic', 'Manual', 'Disabled') { return 'moved' }
    Set-Service -Name $Name -StartupType $Before -ErrorAction Stop
    Add-Written -What 'service-start' -Target $Name -Before $row.Start -After $Before
    return 'undone'
}

function Undo-Account {
    # By the value: another account's password is not ours to know.
    param([string] $Name, [string] $Before, [string] $After)
    $key = "$(Get-HiveKey -Set 'CurrentControlSet')\Services\$Name"
    $now = Get-TextValue -Path $key -Name 'ObjectName'
    if ($now -ceq $Before) { return 'undone' }
    if ($now -cne $After) { return 'moved' }
    Write-Standing -Key $key -Name 'ObjectName' -Value (New-RegistryData -Kind 'String' -Data $Before)
    Add-Written -What 'service-account' -Target $Name -Before $now -After $Before
    return 'undone'
}

function Undo-RuleField {
    param([string] $Name, [string] $Field, [string] $Before, [string] $After)
    $rule = Get-RuleText -Set 'CurrentControlSet' -Name $Name
    if ($null -eq $rule) { return 'moved' }
    $now = @(Get-RuleField -Rule $rule -Field $Field) -join ','
    if ($now -ceq $Before) { return 'undone' }
    if ($now -cne $After) { return 'moved' }
    Set-RuleByCommand -Name $Name -Field $Field -Value $Before
    Add-Written -What "firewall-$Field" -Target $Name -Before $now -After $Before
    return 'undone'
}

function Undo-Rule {
    param([string] $Name)
    if ($null -eq (Get-RuleText -Set 'CurrentControlSet' -Name $Name)) { return 'undone' }
    Remove-NetFirewallRule -Name $Name -ErrorAction Stop
    Add-Written -What 'firewall-make' -Target $Name -Before 'made' -After $null
    return 'undone'
}

function Undo-Access {
    param([string] $Path, [string] $Before, [string] $After)
    $now = (Read-Descriptor -Path $Path).Sddl
    if ((Get-ComparableAccess $now) -ceq (Get-ComparableAccess $Before)) { return 'undone' }
    if ((Get-ComparableAccess $now) -cne (Get-ComparableAccess $After)) { return 'moved' }
    Write-Descriptor -Path $Path -Sddl $Before
    Add-Written -What 'access' -Target $Path -Before $now -After $Before
    return 'undone'
}

function Undo-Owner {
    # Written without a look: the owner before may be one who lets nobody look. One that nobody could read stays unknown.
    param([string] $Path, [string] $Before)
    if ($Before -eq '') { return 'stands' }
    Write-Owner -Path $Path -Sid $Before
    Add-Written -What 'access-owner' -Target $Path -Before $null -After $Before
    return 'undone'
}
