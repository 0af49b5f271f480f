# rdp-medic-lib: facts/events
# What Windows logged in the last 24 hours. Bounded: reading a full log is slow. Evidence only: scanners and broken
# networks write the same events.

# Two questions: one may name about twenty numbers. RemoteConnectionManager and TermDD; Schannel and Service Control Manager.
$script:EventIds = @(
    @{ Ids = @(50, 56, 1050, 1051, 1052, 1056, 1057, 1058, 1128) }
    @{ Ids = @(36870, 36871, 36872, 36874, 36887, 36888, 7000, 7001, 7022, 7023, 7024) }
)
$script:EventProviders = @(
    'TermDD', 'Microsoft-Windows-TerminalServices-RemoteConnectionManager', 'TermService', 'Schannel', 'Service Control Manager'
)

function Read-Log {
    # None found is an answer; a log that cannot be read is an error.
    param([Parameter(Mandatory)] [hashtable] $Filter, [Parameter(Mandatory)] [int] $Most)
    try { return Get-WinEvent -FilterHashtable $Filter -MaxEvents $Most -ErrorAction Stop }
    catch {
        if ($_.FullyQualifiedErrorId -like 'NoMatchingEventsFound*') { return }
        throw
    }
}

function Read-EventFact {
    # Counts by provider and number, newest first.
    $since = (Get-Date).AddHours(-24)
    $counts = [ordered]@{}
    foreach ($group in $script:EventIds) {
        foreach ($entry in @(Read-Log -Filter @{ LogName = 'System'; Id = $group.Ids; StartTime = $since } -Most 1000)) {
            if ($script:EventProviders -notcontains $entry.ProviderName) { continue }
            $kind = '{0} {1}' -f $entry.Id, $entry.ProviderName
            # They come newest first: the first of a kind is its last.
            if ($counts.Contains($kind)) { $counts[$kind].count++ }
            else { $counts[$kind] = [ordered]@{ provider = Limit-Text $entry.ProviderName; id = [int]$entry.Id; count = 1; last = Format-Moment -Time $entry.TimeCreated } }
        }
    }
    $counts.Values | Sort-Object -Property @{ Expression = { $_.last }; Descending = $true }, @{ Expression = { $_.id } }
}

function Read-FailedLogonFact {
    # With NLA the address may be "-": then by workstation. Position in the event's data: 13 workstation, 19 address.
    $since = (Get-Date).AddHours(-24)
    $events = @(Read-Log -Filter @{ LogName = 'Security'; Id = 4625; StartTime = $since } -Most 5000)
    $counts = [ordered]@{}
    foreach ($entry in $events) {
        $source = [string]$entry.Properties[19].Value
        if ($source -in '', '-') { $source = [string]$entry.Properties[13].Value }
        $source = Limit-Text $source
        if ($counts.Contains($source)) { $counts[$source].count++ } else { $counts[$source] = [ordered]@{ source = $source; count = 1 } }
    }
    $counts.Values | Sort-Object -Property @{ Expression = { $_.count }; Descending = $true }, @{ Expression = { $_.source } }
}
