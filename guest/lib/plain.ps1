# rdp-medic-lib: plain
# A plain change: one registry value. What stands there is compared, the new one written and read back.

function Invoke-PlainChange {
    # stands, written, moved (neither before nor after stands there), refused.
    param([Parameter(Mandatory)] $Change)
    $key = "$(Get-HiveKey -Set $Change.set)\$($Change.path)"
    $after = ConvertFrom-ChangeData $Change.after
    $now = Read-Standing -Key $key -Name $Change.name
    if (Test-SameData -One $now -Other $after) { return 'stands' }
    if (-not $script:Run.ByHand -and -not (Test-AsBefore -Now $now -Before (ConvertFrom-ChangeData $Change.before))) {
        Add-StandingData -Value $now
        return 'moved'
    }
    $holdsPolicy = $Change.path -eq 'Services\gpsvc' -and $Change.name -eq 'Start' -and (ConvertTo-DataText $after) -eq '4'
    $owedAlready = Test-Owed -Word 'group-policy'
    if ($holdsPolicy) { Add-Owed -Word 'group-policy' }
    try { Set-JournaledValue -Key $key -Name $Change.name -After $after }
    catch {
        # Nothing was held off, so nothing is owed.
        $failure = $_
        if ($holdsPolicy -and -not $owedAlready) { Remove-Owed -Word 'group-policy' }
        throw $failure
    }
    $now = Read-Standing -Key $key -Name $Change.name
    if (Test-SameData -One $now -Other $after) { return 'written' }
    Add-StandingData -Value $now
    return 'refused'
}

function Add-StandingData {
    param([AllowNull()] [object] $Value)
    $text = ConvertTo-DataText $Value
    if ($null -eq $text) { $text = '-' }
    Add-Data -Name 'stands' -Value $text
}
