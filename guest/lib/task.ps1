# rdp-medic-lib: task
# What is to be done, and doing it: one change after the other, the outcomes into the answer, then the facts.

# Seconds after which a verb gives up by itself (shared/model/change.ts, VERBS).
$script:Deadlines = @{
    'registry' = 60; 'Take-Port' = 240; 'Restart-RdpServices' = 180; 'Repair-KeyAccess' = 60; 'Renew-Certificate' = 240
    'Set-ServiceStart' = 120; 'Set-FirewallRule' = 60; 'Refresh-Policy' = 300; 'Set-SerialConsole' = 60
}
# Those that restart RDP's services for what was written before them.
$script:Restarting = @('Restart-RdpServices', 'Renew-Certificate', 'Take-Port')

function Get-Task {
    # Checked as far as it can be before a disk is touched.
    param([string] $Changes, [string] $Undo, [string] $Recipe, [string] $Scope, [bool] $LookFirst)
    $given = @(@($Changes, $Undo, $Recipe) | Where-Object { $_ -ne '' })
    if ($given.Count -ne 1) { throw 'ParameterInvalid: give one of Changes, Undo, Recipe' }
    if ($Undo -ne '' -and $Scope -eq 'offline') { throw 'ParameterInvalid: a copy of a disk is thrown away, not taken back' }
    if ($LookFirst -and ($Changes -eq '' -or $Scope -ne 'offline')) { throw 'ParameterInvalid: only a disk that is changed is looked at first' }
    $task = New-Object PSObject -Property @{ Changes = @(); Undo = $Undo; Recipe = $Recipe; Hash = ''; LookFirst = $LookFirst }
    if ($Changes -eq '') { return $task }
    try { $json = Expand-Text $Changes } catch { throw 'ChangeNotAllowed: the changes cannot be unpacked' }
    $task.Hash = Get-TextHash -Text $json
    $task.Changes = @(Get-AllowedChange -Json $json -Scope $Scope)
    return $task
}

function Invoke-Task {
    param([Parameter(Mandatory)] $Task, [Parameter(Mandatory)] $Windows)
    New-Run -Windows $Windows -Nonce $script:Answer.nonce -ByHand ($Task.Recipe -ne '')
    if ($Task.Undo -ne '') {
        # As they come: what was taken back before something failed is told all the same.
        Invoke-Undo -Nonce $Task.Undo | ForEach-Object { $script:Answer.outcomes += $_ }
    }
    else {
        $changes = $(if ($Task.Recipe -eq '') { $Task.Changes } else { @(Get-RecipeChange -Id $Task.Recipe -Windows $Windows) })
        Assert-Set -Changes $changes -Windows $Windows
        $before = $(if ($Task.LookFirst) { Read-Facts -Windows $Windows } else { $null })
        for ($at = 0; $at -lt $changes.Count; $at++) {
            $later = @($changes | Select-Object -Skip ($at + 1) | ForEach-Object { $_.do })
            $script:Run.RestartFollows = @($later | Where-Object { $script:Restarting -contains $_ }).Count -gt 0
            $script:Answer.outcomes += Invoke-Change -Change $changes[$at] -Index $at
        }
    }
    $script:Answer.facts = Read-Facts -Windows $Windows
    if ($Task.LookFirst) { $script:Answer.before = Select-Departed -Before $before -After $script:Answer.facts }
}

function Select-Departed {
    # The parts of the facts that are otherwise afterwards, as they were: all of them twice would be too long an answer.
    param([Parameter(Mandatory)] $Before, [Parameter(Mandatory)] $After)
    $parts = [ordered]@{}
    foreach ($name in @($Before.Keys)) {
        $was = ConvertTo-AsciiJson -Value @{ part = $Before[$name] }
        if ($was -cne (ConvertTo-AsciiJson -Value @{ part = $After[$name] })) { $parts[$name] = $Before[$name] }
    }
    return $parts
}

function Assert-Set {
    # A control set that is not in use would be made as a stub.
    param([AllowEmptyCollection()] [object[]] $Changes = @(), [Parameter(Mandatory)] $Windows)
    if ($Windows.Scope -eq 'online') { return }
    for ($at = 0; $at -lt $Changes.Count; $at++) {
        if ($null -eq $Changes[$at].PSObject.Properties['set'] -or $Changes[$at].set -eq '') { continue }
        if ($Windows.Sets -notcontains $Changes[$at].set) { throw "ChangeNotAllowed: change $at, $($Changes[$at].set) is not in use" }
    }
}

function Invoke-Change {
    # Its outcome, whatever happens: what was written before it failed is told all the same.
    param([Parameter(Mandatory)] $Change, [Parameter(Mandatory)] [int] $Index)
    $script:Run.Patience = $script:Deadlines[[string]$Change.do]
    $script:Run.Wrote.Clear()
    $script:Run.Data.Clear()
    $word = 'refused'
    $failure = $null
    try { $word = [string](Invoke-Verb -Change $Change) } catch { $failure = New-Failure -Failure $_ }
    return [ordered]@{ change = $Index; do = [string]$Change.do; word = $word; wrote = $script:Run.Wrote.ToArray(); data = $script:Run.Data.ToArray(); error = $failure }
}

function Invoke-Verb {
    param([Parameter(Mandatory)] $Change)
    switch -CaseSensitive ($Change.do) {
        'registry' { return Invoke-PlainChange -Change $Change }
        'Take-Port' { return Invoke-TakePort -Change $Change }
        'Restart-RdpServices' { return Invoke-RestartRdpServices -Change $Change }
        'Repair-KeyAccess' { return Invoke-RepairKeyAccess -Change $Change }
        'Renew-Certificate' { return Invoke-RenewCertificate -Change $Change }
        'Set-ServiceStart' { return Invoke-SetServiceStart -Change $Change }
        'Set-FirewallRule' { return Invoke-SetFirewallRule -Change $Change }
        'Refresh-Policy' { return Invoke-RefreshPolicy -Change $Change }
        'Set-SerialConsole' { return Invoke-SetSerialConsole -Change $Change }
    }
}
