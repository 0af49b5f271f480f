# rdp-medic-lib: services
# Starting and stopping services within a time: Windows' own commands wait for ever while one is on its way.

$script:StopSeconds = 30
$script:EndSeconds = 10
$script:StartSeconds = 60
$script:StartTimeout = 1053

function Get-NamedService {
    # Name, State, Start, Id (process), CanStop; $null where there is none. Without WMI nobody tells the process.
    param([Parameter(Mandatory)] [string] $Name)
    try { $rows = @(Get-ServiceRow) }
    catch { return Get-PlainService -Name $Name }
    foreach ($row in $rows) { if ($row.Name -eq $Name) { return ConvertTo-ServiceState -Row $row } }
    return $null
}

function ConvertTo-ServiceState {
    # Of a Win32_Service, whose words no language changes.
    param([Parameter(Mandatory)] $Row)
    return New-Object PSObject -Property @{
        Name = [string]$Row.Name; Id = [int]$Row.ProcessId; CanStop = [bool]$Row.AcceptStop
        State = $script:ServiceStates[[string]$Row.State]; Start = $script:ServiceStarts[[string]$Row.StartMode]
    }
}

function Get-PlainService {
    param([Parameter(Mandatory)] [string] $Name)
    try { $service = Get-Service -Name $Name -ErrorAction Stop } catch { return $null }
    return New-Object PSObject -Property @{ Name = [string]$service.Name; Id = 0; CanStop = $true; State = [string]$service.Status; Start = [string]$service.StartType }
}

function Get-RunningDependent {
    # Names of the services that stop with this one.
    param([Parameter(Mandatory)] [string] $Name)
    (Get-Service -Name $Name -ErrorAction Stop).DependentServices | Where-Object { [string]$_.Status -ne 'Stopped' } | ForEach-Object { [string]$_.Name }
}

function Stop-NamedService {
    # Whether it has stopped, with those that need it. One that hangs loses its process, unless others live in it.
    param([Parameter(Mandatory)] [string] $Name)
    $row = Get-NamedService -Name $Name
    if ($null -eq $row -or $row.State -eq 'Stopped') { return $true }
    $dependents = @(Get-RunningDependent -Name $Name)
    if ($row.State -ne 'StopPending') { Stop-Service -Name $Name -Force -NoWait -ErrorAction Stop }
    $hasStopped = {
        $now = Get-NamedService -Name $Name
        $null -eq $now -or $now.State -eq 'Stopped' -or $now.Id -ne $row.Id
    }
    if (Wait-Until -Seconds $script:StopSeconds -Test $hasStopped) { return $true }
    if ($row.Id -le $script:SystemProcess) { return $false }
    $others = @(Get-ServiceRow | Where-Object { [int]$_.ProcessId -eq $row.Id -and $_.Name -ne $Name -and $dependents -notcontains $_.Name })
    if ($others.Count -gt 0) { return $false }
    $null = Stop-ProcessTree -Id $row.Id
    return Wait-Until -Seconds $script:EndSeconds -Test $hasStopped
}

function Start-NamedService {
    # Code 0: it runs. sc.exe does not wait, and its exit code is Windows' error.
    param([Parameter(Mandatory)] [string] $Name)
    $row = Get-NamedService -Name $Name
    if ($null -ne $row -and $row.State -eq 'Running') { return New-Started }
    if ($null -eq $row -or $row.State -ne 'StartPending') {
        $lines = @(sc.exe start $Name)
        if ($LASTEXITCODE -ne 0) { return New-Started -Code $LASTEXITCODE -Text (@($lines | Where-Object { $_ }) -join ' ') }
    }
    $isUp = Wait-Until -Seconds $script:StartSeconds -Test {
        $now = Get-NamedService -Name $Name
        $null -ne $now -and $now.State -eq 'Running'
    }
    if ($isUp) { return New-Started }
    return New-Started -Code $script:StartTimeout -Text "$Name did not start in time"
}

function New-Started {
    param([int] $Code = 0, [string] $Text = '')
    return New-Object PSObject -Property @{ Code = $Code; Text = $Text }
}

function Set-StartType {
    # Unless it is the one, with its entry in the journal.
    param([Parameter(Mandatory)] $Row, [Parameter(Mandatory)] [ValidateSet('Automatic', 'Manual')] [string] $Wanted)
    if ($Row.Start -eq $Wanted) { return }
    Add-Entry -Lines 'what=service-start', "target=$($Row.Name)", "before=$($Row.Start)", "after=$Wanted"
    Set-Service -Name $Row.Name -StartupType $Wanted -ErrorAction Stop
    Add-Written -What 'service-start' -Target $Row.Name -Before $Row.Start -After $Wanted
}

function Restart-ServiceList {
    # restarted, start-failed, hung, disabled, refused: RDP's services in the order SessionEnv, TermService. What is not done stays
    # owed. Done: names of those that need not.
    param([Parameter(Mandatory)] [string[]] $Names, [AllowEmptyCollection()] [string[]] $Done = @())
    Add-Owed -Word 'restart'
    $ended = 'restarted'
    # TermService takes up what there is, also where SessionEnv could not be restarted.
    foreach ($name in @('SessionEnv', 'TermService' | Where-Object { $Names -contains $_ })) {
        $row = Get-NamedService -Name $name
        if ($null -eq $row) { throw "ServiceMissing: there is no service $name" }
        if ($Done -contains $name) { continue }
        $word = Invoke-NamedRestart -Row $row
        if ($word -eq 'restarted') { continue }
        Add-Data -Name 'service' -Value $name
        $ended = $word
    }
    if ($ended -eq 'restarted' -and -not $script:Run.RestartFollows) { Remove-Owed -Word 'restart' }
    return $ended
}

function Invoke-NamedRestart {
    # What Windows refuses is a word of its own: the other service must still have its turn.
    param([Parameter(Mandatory)] $Row)
    try { return Restart-NamedService -Row $Row }
    catch {
        Add-Data -Name 'code' -Value (Get-ErrorCode -Failure $_)
        return 'refused'
    }
}

function Restart-NamedService {
    param([Parameter(Mandatory)] $Row)
    if ($Row.Start -eq 'Disabled') { return 'disabled' }
    if (-not (Stop-NamedService -Name $Row.Name)) { return 'hung' }
    $started = Start-NamedService -Name $Row.Name
    if ($started.Code -ne 0) {
        Add-Data -Name 'code' -Value $started.Code
        return 'start-failed'
    }
    Add-Written -What 'restart' -Target $Row.Name -Before $Row.State -After 'Running'
    # It stopped with TermService, which can do without it.
    if ($Row.Name -eq 'TermService') { $null = Start-NamedService -Name 'UmRdpService' }
    return 'restarted'
}
