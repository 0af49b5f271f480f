# rdp-medic-lib: answer
# The frame of a script: whatever happens, the last line of the output is one answer that carries the run's nonce.
#
#   Invoke-Answer -Script collect -Nonce $Nonce -Text $Text -Work { $script:Answer.facts = ... }
#
# Text: no for programs, yes for the answer in words (lib/text.ps1) before that line, only for people: without the line.
# The work fills $script:Answer (hash, outcomes, facts). What it throws is the answer's error; a message "Code: text"
# gives the error its code.

# Azure keeps the last 4,096 bytes of the output and of the errors.
$script:LongestLine = 3900
$script:InOutput = 3600
$script:LongestPayload = 7400
$script:Answer = $null
# Kept whatever must go: RDP's own rules.
$script:OwnRules = @('RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP', 'RemoteDesktop-Shadow-In-TCP')

function Invoke-Answer {
    param(
        [Parameter(Mandatory)] [ValidateSet('collect', 'apply', 'peer-certificate')] [string] $Script,
        [Parameter(Mandatory)] [string] $Nonce,
        [string] $Text = 'no',
        [Parameter(Mandatory)] [scriptblock] $Work
    )
    $script:Answer = [ordered]@{ schema = 2; script = $Script; nonce = $Nonce; error = $null; hash = ''; outcomes = @(); before = $null; facts = $null }
    try {
        if (-not (Read-Surroundings).Is64Bit) { throw 'NotSixtyFourBit: a 32-bit PowerShell sees another registry' }
        $null = & $Work
    }
    catch { $script:Answer.error = ConvertTo-AnswerError -Failure $_ }
    if ($Text -ne 'no') {
        try { Write-Answer } catch { Write-Line -Text ('the answer cannot be shown: ' + $_.Exception.Message) }
    }
    if ($Text -ne 'only') { Write-ResultLine }
    if ($null -ne $script:Answer.error) { exit 1 }
}

function ConvertTo-AnswerError {
    # Only a text of ours has a code: a German Windows begins its own with "Fehler: ".
    param([Parameter(Mandatory)] [object] $Failure)
    $message = Get-ErrorText -Failure $Failure -Most 512
    if ($Failure.TargetObject -is [string] -and $message -cmatch '(?s)^([A-Z][A-Za-z0-9]{0,63}): (.+)$') { return [ordered]@{ code = $Matches[1]; message = $Matches[2] } }
    return [ordered]@{ code = 'ScriptFailed'; message = $message }
}

function Write-ResultLine {
    # One line in the output; its beginning in the errors too, where it is longer than what Azure keeps.
    try { $payload = Get-Payload }
    catch {
        # Facts that cannot be told are an error, never silence.
        $script:Answer.facts = $null
        $script:Answer.before = $null
        $script:Answer.outcomes = @()
        $script:Answer.error = ConvertTo-AnswerError -Failure $_
        $payload = Get-Payload
    }
    $line = 'RDP-MEDIC-RESULT {0} {1} {2}' -f $script:Answer.nonce, $payload.Length, $payload
    if ($line.Length -gt $script:LongestLine) {
        $head = $payload.Substring(0, $payload.Length - $script:InOutput)
        Write-Line -AsError -Text ('RDP-MEDIC-HEAD {0} {1} {2}' -f $script:Answer.nonce, $payload.Length, $head)
    }
    Write-Line -Text $line
}

function Get-Payload {
    # Halves the lists that are only evidence until the answer fits; their totals stay true.
    for ($round = 0; $round -lt 12; $round++) {
        $payload = ConvertTo-Base64 -Bytes (Compress-Text -Text (ConvertTo-AsciiJson -Value $script:Answer))
        if ($payload.Length -le $script:LongestPayload) { return $payload }
        Limit-Answer
    }
    throw "AnswerTooLong: the answer has $($payload.Length) characters"
}

function Limit-Answer {
    foreach ($facts in @($script:Answer.facts, $script:Answer.before)) { if ($null -ne $facts) { Limit-Fact -Facts $facts } }
    foreach ($outcome in @($script:Answer.outcomes)) { $outcome.wrote = @(Get-FirstHalf -List $outcome.wrote) }
}

function Limit-Fact {
    # Of those that are there: before the changes only some are told.
    param([Parameter(Mandatory)] $Facts)
    foreach ($part in 'events', 'failedLogons', 'appliedPolicies') { if ($Facts.Contains($part)) { $Facts[$part].items = @(Get-FirstHalf -List $Facts[$part].items) } }
    if (-not $Facts.Contains('firewallRules')) { return }
    $rules = @($Facts.firewallRules.items)
    $own = @($rules | Where-Object { $script:OwnRules -contains $_.name })
    $Facts.firewallRules.items = @($own) + @(Get-FirstHalf -List @($rules | Where-Object { $script:OwnRules -notcontains $_.name }))
}

function Get-FirstHalf {
    param([AllowNull()] [AllowEmptyCollection()] [object[]] $List)
    $items = @($List)
    $most = ($items.Count - $items.Count % 2) / 2
    return $items | Select-Object -First $most
}
