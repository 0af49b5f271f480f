# rdp-medic-lib: verbs/take-port
# Take-Port: makes RDP the only one on its port, or moves it away. stands, freed, moved, no-free-port, not-served.
# Online it stops who holds the port, if that may be stopped; the service goes to manual start, so that it does not come back
# before RDP at the next start of Windows. Where it cannot, or comes back, RDP moves and the service is given back as it was.

# Two ranges: Hyper-V reserves blocks of a hundred ports at a time.
$script:CandidatePorts = @(3390..3399) + @(33890..33899)

function Invoke-TakePort {
    param([Parameter(Mandatory)] $Change)
    if (-not (Test-Online)) { return Move-PortOnDisk -Change $Change }
    $port = Get-ListenerPort -Set $Change.set
    # Moved by a run of ours that was cut off, or by somebody else.
    $wasMoved = $port -ne $Change.port
    if ($wasMoved -and $port -ne $Change.to -and $script:CandidatePorts -notcontains $port) { throw "PortChanged: PortNumber is $port by now" }
    if ((Test-Port $port) -and (Test-Served -Port $port) -and -not (Test-Owed -Word 'restart')) {
        return Complete-Port -Change $Change -Port $port -Word $(if ($wasMoved) { 'moved' } else { 'stands' })
    }
    if ((Test-Port $port) -and -not (Test-PortExcluded -Port $port)) {
        $owners = @(Get-ForeignOwner -Port $port)
        if ((-not $wasMoved -or $owners.Count -eq 0) -and (Stop-PortOwner -Port $port -Owners $owners)) {
            Sync-RdpRule -Set $Change.set -Port $port
            $null = Restart-ServiceList -Names 'TermService'
            if (Wait-Served -Port $port) { return Complete-Port -Change $Change -Port $port -Word $(if ($wasMoved) { 'moved' } else { 'freed' }) }
        }
    }
    return Move-Port -Change $Change
}

function Complete-Port {
    # Who gave way is given back where RDP is elsewhere by now; where it has the port they stay stopped.
    param([Parameter(Mandatory)] $Change, [Parameter(Mandatory)] [long] $Port, [Parameter(Mandatory)] [string] $Word)
    if ($Port -ne $Change.port) { Add-Data -Name 'newPort' -Value $Port }
    Complete-GaveWay -Set $Change.set
    return $Word
}

function Stop-PortOwner {
    # Whether all of them gave the port up. The start type first: cut off in between, the port is still seen as taken. Those
    # that need the service stop with it, and an automatic one among them would start it again.
    param([Parameter(Mandatory)] [long] $Port, [AllowEmptyCollection()] [object[]] $Owners = @())
    if (@($Owners | Where-Object { -not (Test-OwnerStoppable -Owner $_) }).Count -gt 0) { return $false }
    foreach ($owner in $Owners) {
        $name = $owner.Services[0].Name
        $rows = @(@(Get-RunningDependent -Name $name) + $name | ForEach-Object { Get-NamedService -Name $_ })
        Add-GaveWay -Port $Port -Rows $rows
        try {
            foreach ($row in $rows) { if ($row.Start -eq 'Automatic') { Set-StartType -Row $row -Wanted 'Manual' } }
            foreach ($row in $rows) { Add-Entry -Lines 'what=service-stop', "target=$($row.Name)" }
            if (-not (Stop-NamedService -Name $name)) { throw "ServiceHangs: $name" }
        }
        catch {
            Add-Data -Name 'notStopped' -Value $name
            return $false
        }
        foreach ($row in $rows) { Add-Written -What 'service-stop' -Target $row.Name -Before 'Running' -After 'Stopped' }
    }
    return $true
}

function Add-GaveWay {
    # Noted before it is touched, with its start type: a run cut off here is finished by the next one.
    param([Parameter(Mandatory)] [long] $Port, [Parameter(Mandatory)] [object[]] $Rows)
    $known = @(Get-OwedList -Name 'gave-way')
    $new = @($Rows | Where-Object { @($known -like "$($_.Name)=*").Count -eq 0 } | ForEach-Object { "$($_.Name)=$($_.Start)" })
    if ($new.Count -eq 0) { return }
    if ($known.Count -eq 0) { $known = @("port=$Port") }
    Set-OwedList -Name 'gave-way' -List ($known + $new)
}

function Move-Port {
    # The rules first: killed after them, a rerun still finds the old port taken and moves on.
    param([Parameter(Mandatory)] $Change)
    $port = Get-ListenerPort -Set $Change.set
    $candidates = $(if ($Change.to -eq 0) { $script:CandidatePorts } else { @([long]$Change.to) })
    $goal = 0
    foreach ($candidate in $candidates) { if (Test-PortFree -Port $candidate) { $goal = [long]$candidate; break } }
    if ($goal -eq 0) {
        Restore-GaveWay
        return 'no-free-port'
    }
    try {
        Sync-RdpRule -Set $Change.set -Port $goal
        Set-JournaledValue -Key "$(Get-HiveKey -Set $Change.set)\$script:RdpTcp" -Name 'PortNumber' -After (New-RegistryData -Kind 'DWord' -Data $goal)
    }
    catch {
        # A port that the firewall does not let in would be worse than the old one.
        $failure = $_
        if (Test-Port $port) { try { Sync-RdpRule -Set $Change.set -Port $port } catch { $null = $_ } }
        Restore-GaveWay
        throw $failure
    }
    Add-Data -Name 'newPort' -Value $goal
    $restarted = Restart-ServiceList -Names 'TermService'
    $served = $restarted -eq 'restarted' -and (Wait-Served -Port $goal)
    Restore-GaveWay
    return $(if ($served) { 'moved' } else { 'not-served' })
}

function Move-PortOnDisk {
    # Nobody listens on a disk: RDP is set to the port asked for.
    param([Parameter(Mandatory)] $Change)
    $goal = [long]$Change.to
    if (-not (Test-Port $goal)) { throw 'PortMissing: on a disk the port to move to must be named' }
    $before = $script:Run.Wrote.Count
    Sync-RdpRule -Set $Change.set -Port $goal
    if ((Get-ListenerPort -Set $Change.set) -ne $goal) {
        Set-JournaledValue -Key "$(Get-HiveKey -Set $Change.set)\$script:RdpTcp" -Name 'PortNumber' -After (New-RegistryData -Kind 'DWord' -Data $goal)
    }
    if ($goal -ne $Change.port) { Add-Data -Name 'newPort' -Value $goal }
    return $(if ($script:Run.Wrote.Count -eq $before) { 'stands' } else { 'moved' })
}

function Complete-GaveWay {
    # After a restart of RDP: gives back what gave way for a port that RDP is no longer set to.
    param([Parameter(Mandatory)] [string] $Set)
    $lines = @(Get-OwedList -Name 'gave-way')
    if ($lines.Count -eq 0) { return }
    if ($lines -contains "port=$(Get-ListenerPort -Set $Set)") { Set-OwedList -Name 'gave-way' } else { Restore-GaveWay }
}

function Restore-GaveWay {
    # What others need comes first.
    $lines = @(Get-OwedList -Name 'gave-way')
    for ($at = $lines.Count - 1; $at -ge 1; $at--) {
        $name, $start = $lines[$at] -split '=', 2
        $row = Get-NamedService -Name $name
        if ($null -eq $row) { continue }
        try {
            if ($start -eq 'Automatic') { Set-StartType -Row $row -Wanted 'Automatic' }
            if ($row.State -ne 'Stopped') { continue }
            if ((Start-NamedService -Name $row.Name).Code -ne 0) { throw "ServiceStartFailed: $($row.Name)" }
            Add-Written -What 'service-run' -Target $row.Name -Before 'Stopped' -After 'Running'
        }
        catch { Add-Data -Name 'notGivenBack' -Value $row.Name }
    }
    Set-OwedList -Name 'gave-way'
}
