# rdp-medic-lib: run
# What the hands hold while they work. One change at a time: what it wrote, small facts of it, how long it may still wait.

$script:Run = $null
$script:MostWritten = 64
$script:MostData = 16
$script:PollSeconds = 2

function New-Run {
    # ByHand: the fixed cure is written whatever stood there, and services are restarted whoever they were.
    # RestartFollows: a later change restarts RDP's services, so what is written before it owes that restart.
    param([Parameter(Mandatory)] $Windows, [Parameter(Mandatory)] [string] $Nonce, [bool] $ByHand = $false)
    $script:Run = New-Object PSObject -Property @{
        Windows = $Windows; Nonce = $Nonce; ByHand = $ByHand; RestartFollows = $false; Patience = 240
        Wrote = New-Object System.Collections.ArrayList; Data = New-Object System.Collections.ArrayList
    }
}

function Test-Online { return $script:Run.Windows.Scope -eq 'online' }

function Get-HiveKey {
    # Key of a control set, or of SOFTWARE (''), below HKLM.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Set)
    if ($Set -eq '') { return $script:Run.Windows.Software }
    return "$($script:Run.Windows.System)\$Set"
}

function Add-Written {
    # Notes one thing that was written, after it was.
    param([Parameter(Mandatory)] [string] $What, [Parameter(Mandatory)] [string] $Target, [AllowNull()] [object] $Before, [AllowNull()] [object] $After)
    if ($script:Run.Wrote.Count -ge $script:MostWritten) { return }
    $row = [ordered]@{ what = $What; target = Limit-Text $Target 512; before = $null; after = $null }
    if ($null -ne $Before) { $row.before = Limit-Text $Before 512 }
    if ($null -ne $After) { $row.after = Limit-Text $After 512 }
    [void]$script:Run.Wrote.Add($row)
}

function Add-Data {
    # Notes a small fact of the change.
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [AllowEmptyString()] [object] $Value)
    if ($script:Run.Data.Count -ge $script:MostData) { return }
    if ($Value -is [string]) { $Value = Limit-Text $Value }
    [void]$script:Run.Data.Add([ordered]@{ name = $Name; value = $Value })
}

function Wait-Until {
    # Looks every two seconds until the test says true, or the time is over; whether it did. $Waited are the seconds so far.
    param([Parameter(Mandatory)] [int] $Seconds, [Parameter(Mandatory)] [scriptblock] $Test)
    for ($Waited = 0; ; $Waited += $script:PollSeconds) {
        if (& $Test) { return $true }
        if ($Waited -ge $Seconds -or $script:Run.Patience -le 0) { return $false }
        $script:Run.Patience -= $script:PollSeconds
        Start-Sleep -Seconds $script:PollSeconds
    }
}

function New-Failure {
    param([Parameter(Mandatory)] [object] $Failure)
    return [ordered]@{ code = Get-ErrorCode -Failure $Failure; text = Get-ErrorText -Failure $Failure }
}
