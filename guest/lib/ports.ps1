# rdp-medic-lib: ports
# Who has the RDP port, and which ports are free. Ownership goes by process id: TermService is one svchost.exe among many.

$script:RdpTcp = 'Control\Terminal Server\WinStations\RDP-Tcp'
$script:ListenSeconds = 60
# Some services are started again by their supervisor, at once.
$script:ComebackSeconds = 10

function Get-ListenerPort {
    # What the listener is set to; 3389 where nothing is.
    param([Parameter(Mandatory)] [string] $Set)
    $port = Get-NumberValue -Path "$(Get-HiveKey -Set $Set)\$script:RdpTcp" -Name 'PortNumber'
    if ($null -eq $port) { return [long]3389 }
    return $port
}

function Test-Port {
    param([Parameter(Mandatory)] [long] $Number)
    return $Number -ge 1 -and $Number -le 65535
}

function Get-PortOwner {
    # Processes that listen on a port (Id, Services), apart from those that this machine alone hears.
    param([Parameter(Mandatory)] [long] $Port)
    $listeners = @(Get-NetTCPConnection -State Listen -ErrorAction Stop | Where-Object { $_.LocalPort -eq $Port -and $_.LocalAddress -notlike '127.*' -and $_.LocalAddress -ne '::1' })
    if ($listeners.Count -eq 0) { return }
    $rows = @(Get-ServiceRow)
    foreach ($id in @($listeners | ForEach-Object { [int]$_.OwningProcess } | Sort-Object -Unique)) {
        $services = @()
        if ($id -gt $script:SystemProcess) { $services = @($rows | Where-Object { [int]$_.ProcessId -eq $id } | ForEach-Object { ConvertTo-ServiceState -Row $_ }) }
        New-Object PSObject -Property @{ Id = $id; Services = $services }
    }
}

function Get-ForeignOwner {
    param([Parameter(Mandatory)] [long] $Port)
    Get-PortOwner -Port $Port | Where-Object { @($_.Services | ForEach-Object { $_.Name }) -notcontains 'TermService' }
}

function Test-OwnerStoppable {
    # One service alone in its process: of several nobody can tell which one listens. One that hangs while it stops is
    # ended by its process.
    param([Parameter(Mandatory)] $Owner)
    $services = @($Owner.Services)
    if ($services.Count -ne 1 -or $script:ProtectedServices -contains $services[0].Name) { return $false }
    if (-not $services[0].CanStop -and $services[0].State -ne 'StopPending') { return $false }
    return @(Get-RunningDependent -Name $services[0].Name | Where-Object { $script:ProtectedServices -contains $_ }).Count -eq 0
}

function Test-Served {
    # RDP listens, and nobody else.
    param([Parameter(Mandatory)] [long] $Port)
    return @(Get-PortOwner -Port $Port).Count -gt 0 -and @(Get-ForeignOwner -Port $Port).Count -eq 0
}

function Wait-Served {
    # Until RDP alone listens. Where it is told not to listen at all, that nobody else does is enough.
    param([Parameter(Mandatory)] [long] $Port)
    $mayListen = Test-Listening
    $script:IsServed = $false
    $null = Wait-Until -Seconds $script:ListenSeconds -Test {
        $isTaken = @(Get-ForeignOwner -Port $Port).Count -gt 0
        $isLate = $Waited -ge $script:ComebackSeconds
        $script:IsServed = $(if ($mayListen) { Test-Served -Port $Port } else { -not $isTaken -and $isLate })
        $script:IsServed -or ($isTaken -and $isLate)
    }
    return $script:IsServed
}

function Test-Listening {
    # Whether the settings let RDP listen.
    $server = "$(Get-HiveKey -Set 'CurrentControlSet')\Control\Terminal Server"
    $policy = "$($script:Run.Windows.Software)\Policies\Microsoft\Windows NT\Terminal Services"
    if ((Get-NumberValue -Path $server -Name 'fDenyTSConnections') -eq 1 -or (Get-NumberValue -Path $policy -Name 'fDenyTSConnections') -eq 1) { return $false }
    if ((Get-NumberValue -Path $server -Name 'TSEnabled') -eq 0) { return $false }
    if ((Get-NumberValue -Path "$server\WinStations\RDP-Tcp" -Name 'fEnableWinStation') -ne 1) { return $false }
    $service = Get-NamedService -Name 'TermService'
    return $null -eq $service -or $service.Start -ne 'Disabled'
}

function Test-PortExcluded {
    # In a range that Windows keeps for itself: nobody listens, yet binding is refused. Only the numbers are read; without
    # netsh.exe no range is known.
    param([Parameter(Mandatory)] [long] $Port)
    try { $lines = @(netsh.exe int ipv4 show excludedportrange protocol=tcp) } catch { return $false }
    foreach ($line in $lines) {
        if ($line -match '^\s*(\d+)\s+(\d+)' -and $Port -ge [long]$Matches[1] -and $Port -le [long]$Matches[2]) { return $true }
    }
    return $false
}

function Test-PortFree {
    param([Parameter(Mandatory)] [long] $Port)
    if (@(Get-NetTCPConnection -State Listen -ErrorAction Stop | Where-Object { $_.LocalPort -eq $Port }).Count -gt 0) { return $false }
    return -not (Test-PortExcluded -Port $Port)
}
