# rdp-medic-lib: text
# The answer for people without Node: groups of aligned rows, in ASCII, and nothing of ours that a translated Windows would have
# to say. What matters most comes last: a screen and Run Command keep the end.

$script:LongestCell = 44

function Write-Answer {
    $answer = $script:Answer
    if ($null -ne $answer.facts) { Write-FactText -Facts $answer.facts }
    if (@($answer.outcomes).Count -gt 0) { Write-Group -Title 'Done, in this order' -Rows @($answer.outcomes | ForEach-Object { Get-OutcomeRow -Outcome $_ }) }
    if ($null -ne $answer.error) { Write-Group -Title 'Error' -Rows (New-Row $answer.error.code, $answer.error.message) }
}

function ConvertTo-Cell {
    # Names come from whoever named them.
    param([AllowNull()] [object] $Value)
    if ($null -eq $Value) { return '-' }
    if ($Value -is [bool]) { return $(if ($Value) { 'yes' } else { 'no' }) }
    $text = ([string](@($Value) -join ', ')) -creplace '[^\x20-\x7e]', '?'
    return $(if ($text.Trim() -eq '') { '-' } else { $text })
}

function New-Row {
    # Cells of one row; a cell holds no tab.
    param([AllowNull()] [AllowEmptyCollection()] [object[]] $Cells)
    return @($Cells | ForEach-Object { ConvertTo-Cell $_ }) -join "`t"
}

function Write-Group {
    # A title and its rows, each column as wide as its widest cell; nothing where there is no row.
    param([Parameter(Mandatory)] [string] $Title, [AllowNull()] [AllowEmptyCollection()] [string[]] $Rows = @())
    $lines = @($Rows | Where-Object { $_ })
    if ($lines.Count -eq 0) { return }
    $widths = @{}
    foreach ($line in $lines) {
        $cells = @($line -split "`t")
        # The last cell of a row stands alone and makes no column wider.
        for ($at = 0; $at -lt $cells.Count - 1; $at++) {
            $length = $cells[$at].Length
            if (-not $widths.ContainsKey($at)) { $widths[$at] = 0 }
            if ($length -gt $widths[$at] -and $length -le $script:LongestCell) { $widths[$at] = $length }
        }
    }
    Write-Line
    Write-Line -Text $Title
    foreach ($line in $lines) {
        $cells = @($line -split "`t")
        $text = ' '
        for ($at = 0; $at -lt $cells.Count; $at++) {
            $text += ' ' + $(if ($at -lt $cells.Count - 1) { $cells[$at].PadRight($widths[$at]) + ' ' } else { $cells[$at] })
        }
        Write-Line -Text $text.TrimEnd()
    }
}

function Get-ListRow {
    # Rows of a list that may be long: what is in it, how many more there are, why it could not be read.
    param([Parameter(Mandatory)] $List, [Parameter(Mandatory)] [scriptblock] $Row)
    foreach ($item in @($List.items)) { & $Row $item }
    $more = $List.total - @($List.items).Count
    if ($more -gt 0) { New-Row "and $more more" }
    Get-UnreadRow -What 'could not be read' -Failure $List.error
}

function Get-UnreadRow {
    param([Parameter(Mandatory)] [string] $What, [AllowNull()] [object] $Failure)
    if ($null -ne $Failure) { New-Row $What, ('0x{0:x}' -f [long]$Failure.code), $Failure.text }
}

function Write-FactText {
    param([Parameter(Mandatory)] $Facts)
    foreach ($set in @($Facts.registry | ForEach-Object { $_.set } | Select-Object -Unique)) {
        $title = $(if ($set -eq '') { 'Registry: SOFTWARE' } else { "Registry: SYSTEM\$set" })
        Write-Group -Title $title -Rows @($Facts.registry | Where-Object { $_.set -eq $set } | ForEach-Object { Get-RegistryRow -Key $_ })
    }
    Write-Group -Title 'Firewall rules' -Rows @(Get-ListRow $Facts.firewallRules { New-Row $args[0].name, $args[0].source, $args[0].rule })
    Write-Group -Title 'Set by Group Policy' -Rows @(Get-ListRow $Facts.policies { New-Row $args[0].gpo, ($args[0].key + '\' + $args[0].name) })
    Write-Group -Title 'Policies applied' -Rows @(Get-ListRow $Facts.appliedPolicies { New-Row $args[0] })
    Write-Group -Title 'Events of 24 hours: times, id, last, source' -Rows @(Get-ListRow $Facts.events { New-Row $args[0]['count'], $args[0].id, $args[0].last, $args[0].provider })
    Write-Group -Title 'Failed logons of 24 hours: times, from' -Rows @(Get-ListRow $Facts.failedLogons { New-Row $args[0]['count'], $args[0].source })
    Write-Group -Title 'Boot' -Rows @($Facts.boot | ForEach-Object { New-Row $_.object, $_.element, $_.value })
    Write-Group -Title 'Installations: partition, build, read' -Rows @($Facts.installations | ForEach-Object { New-Row $_.partition, $_.build, $_.chosen })
    Write-Group -Title 'Services: name, state, start, process, account' -Rows @(Get-ListRow $Facts.services { New-Row $args[0].name, $args[0].state, $args[0].start, $args[0].pid, $args[0].account })
    Write-Group -Title 'Reserved ports' -Rows @(Get-ListRow $Facts.reservedPorts { New-Row ('{0} to {1}' -f $args[0][0], $args[0][1]) })
    Write-Group -Title 'Certificates of RDP: from, until, key, thumbprint' -Rows (@(Get-ListRow $Facts.rdpCertificates { Get-CertificateRow -Digest $args[0] -Where 'self-signed' }) + @(Get-BoundRow -Digest $Facts.boundCertificate))
    Write-Group -Title 'Private keys: owner, permissions' -Rows @(Get-KeyRow -Keys $Facts['keys'])
    Write-Group -Title 'Listening on the port of RDP: address, process, services' -Rows @(Get-ListRow $Facts.listeners { New-Row ('{0}:{1}' -f $args[0].address, $args[0].port), $args[0].pid, $args[0].process, $args[0].services })
    Write-Group -Title 'Could not be read' -Rows @($Facts.unread | ForEach-Object { Get-UnreadRow -What $_.what -Failure $_.error })
    Write-Group -Title 'This Windows' -Rows @(Get-WindowsRow -Facts $Facts)
}

function Get-RegistryRow {
    # The key, then its values; a key that is not there has none.
    param([Parameter(Mandatory)] $Key)
    $failure = Get-UnreadRow -What $Key.path -Failure $Key.error
    if ($null -ne $failure) { $failure; return }
    if ($Key.state -ne 'here') { New-Row "$($Key.path)  (not there)"; return }
    if (@($Key.values).Count -eq 0) { New-Row "$($Key.path)  (no value)"; return }
    New-Row $Key.path
    foreach ($value in @($Key.values)) { New-Row "  $($value.name)", $value.kind, $value.data }
}

function Get-CertificateRow {
    param([Parameter(Mandatory)] $Digest, [Parameter(Mandatory)] [string] $Where)
    $key = $(if ($Digest.namesKey) { "$($Digest.algorithm) $($Digest.bits)" } else { 'names no key' })
    New-Row $(if ($Digest.state -eq 'corrupt') { 'corrupt' } else { $Where }), $Digest.notBefore, $Digest.notAfter, $key, $Digest.thumbprint
}

function Get-BoundRow {
    param([AllowNull()] [object] $Digest)
    if ($null -ne $Digest) { Get-CertificateRow -Digest $Digest -Where 'bound' }
}

function Get-KeyRow {
    param([Parameter(Mandatory)] $Keys)
    foreach ($part in @(@('MachineKeys', $Keys.folder), @('key of RDP', $Keys.rdpKey), @('bound key', $Keys.boundKey))) {
        $path = $part[1]
        if ($null -eq $path) { continue }
        if ($path.state -eq 'here') { New-Row $part[0], $path.owner, $path.sddl }
        elseif ($null -ne $path.error) { Get-UnreadRow -What $part[0] -Failure $path.error }
        else { New-Row $part[0], $path.state }
    }
    New-Row 'files', $Keys.files
    New-Row 'key opens', $(if ($Keys.opensCode -ne 0) { '{0}, 0x{1:x}' -f $Keys.opens, [long]$Keys.opensCode } else { $Keys.opens })
}

function Get-WindowsRow {
    param([Parameter(Mandatory)] $Facts)
    $windows = $Facts.windows
    New-Row 'computer', $windows.computer
    New-Row 'domain', $windows.domain
    New-Row 'system', ('{0}, build {1}, {2}' -f $windows.name, $windows.build, $windows.language)
    New-Row 'VM agent', $windows.agent
    New-Row 'seen', ('{0}, {1}' -f $Facts.at, $Facts.scope)
    if ($null -ne $Facts.clockAheadSeconds) { New-Row 'clock', ('{0} seconds ahead of the host' -f $Facts.clockAheadSeconds) }
    if ($null -ne $Facts.space) { New-Row 'free space', ('{0} of {1} MiB' -f [long]([decimal]$Facts.space.free / 1048576), [long]([decimal]$Facts.space.size / 1048576)) }
    New-Row 'updates', $(if ($windows.updatesPending) { 'finish at the next start' } else { 'none pending' })
    New-Row 'owed', $Facts.owed
    New-Row 'handshake', ('{0} {1} {2}' -f $Facts.handshake.stage, $Facts.handshake.protocol, $Facts.handshake.thumbprint)
}

function Get-OutcomeRow {
    param([Parameter(Mandatory)] $Outcome)
    if ($null -eq $Outcome.error) { New-Row ($Outcome.change + 1), $Outcome.do, $Outcome.word }
    else { New-Row ($Outcome.change + 1), $Outcome.do, $Outcome.word, ('0x{0:x} {1}' -f [long]$Outcome.error.code, $Outcome.error.text) }
    foreach ($row in @($Outcome.wrote)) { New-Row ('      {0}: {1} -> {2}' -f $row.target, (ConvertTo-Cell $row.before), (ConvertTo-Cell $row.after)) }
    foreach ($fact in @($Outcome.data)) { New-Row ('      {0}: {1}' -f $fact.name, (ConvertTo-Cell $fact.value)) }
}
