# rdp-medic-lib: facts/listeners
# Who listens on the RDP port, and which ports Windows keeps for itself. Ownership goes by process id: TermService is one
# svchost.exe among many.

# Stopping one of these takes away the agent, the network or the logon itself.
$script:ProtectedServices = @(
    'WindowsAzureGuestAgent', 'RdAgent', 'WindowsAzureTelemetryService', 'RpcSs', 'RpcEptMapper', 'DcomLaunch',
    'SamSs', 'Netlogon', 'KeyIso', 'VaultSvc', 'Kdc', 'NTDS', 'LanmanServer', 'LanmanWorkstation', 'Dnscache',
    'Dhcp', 'BFE', 'MpsSvc', 'EventLog', 'CryptSvc', 'gpsvc', 'ProfSvc', 'Schedule', 'Winmgmt', 'WinDefend',
    'Power', 'PlugPlay', 'LSM', 'BrokerInfrastructure', 'SystemEventsBroker', 'UserManager', 'CoreMessagingRegistrar'
)
# System: http.sys or a driver, whatever services claim it.
$script:SystemProcess = 4

function Read-ListenerFact {
    # All listeners are asked for: with a port the command makes an error of finding none.
    param([Parameter(Mandatory)] $Windows)
    $port = Get-RdpPort -Windows $Windows
    $listeners = @(Get-NetTCPConnection -State Listen -ErrorAction Stop | Where-Object { $_.LocalPort -eq $port })
    if ($listeners.Count -eq 0) { return }
    $services = @(Get-ServiceRow)
    foreach ($listener in $listeners) {
        $id = [int]$listener.OwningProcess
        $hosted = @()
        if ($id -gt $script:SystemProcess) { $hosted = @($services | Where-Object { $_.ProcessId -eq $id }) }
        [ordered]@{
            address = Limit-Text $listener.LocalAddress 64
            port = [int]$port
            pid = $id
            process = Read-ProcessName -Id $id
            services = @($hosted | ForEach-Object { Limit-Text $_.Name } | Sort-Object | Select-Object -First 64)
            canStop = $hosted.Count -gt 0 -and @($hosted | Where-Object { -not (Test-Stoppable -Row $_) }).Count -eq 0
            startsWithWindows = @($hosted | Where-Object { $_.StartMode -eq 'Auto' }).Count -gt 0
        }
    }
}

function Test-Stoppable {
    # It takes the stop control, and neither it nor what would have to stop with it is one a VM cannot do without.
    param([Parameter(Mandatory)] $Row)
    if (-not $Row.AcceptStop -or $script:ProtectedServices -contains $Row.Name) { return $false }
    $dependents = @((Get-Service -Name $Row.Name -ErrorAction Stop).DependentServices | Where-Object { [string]$_.Status -ne 'Stopped' })
    return @($dependents | Where-Object { $script:ProtectedServices -contains $_.Name }).Count -eq 0
}

function Read-ProcessName {
    # Without its folder; '' for System, and for one that has gone.
    param([Parameter(Mandatory)] [int] $Id)
    if ($Id -le $script:SystemProcess) { return '' }
    foreach ($process in @(Get-CimInstance -ClassName Win32_Process -ErrorAction Stop | Where-Object { $_.ProcessId -eq $Id })) { return Limit-Text $process.Name }
    return ''
}

function Read-ReservedPortFact {
    # Hyper-V and WinNAT reserve ranges: nobody listens, yet binding is refused. Only the numbers are read.
    $lines = @(netsh.exe int ipv4 show excludedportrange protocol=tcp)
    if ($LASTEXITCODE -ne 0) { throw "ToolFailed: netsh.exe ended with $LASTEXITCODE" }
    foreach ($line in $lines) {
        if ($line -match '^\s*(\d{1,5})\s+(\d{1,5})') { '{0} {1}' -f [int]$Matches[1], [int]$Matches[2] }
    }
}

function Set-ReservedPort {
    # Pairs are put into a list of .NET: PowerShell 5.1 makes an object of an array that went through a pipeline.
    $pairs = New-Object System.Collections.ArrayList
    foreach ($text in @($script:Facts.reservedPorts.items)) {
        $numbers = $text -split ' '
        [void]$pairs.Add([int[]]@([int]$numbers[0], [int]$numbers[1]))
    }
    $script:Facts.reservedPorts.items = $pairs.ToArray()
}

function Read-HandshakeFact {
    # A number that is no port is not asked.
    param([Parameter(Mandatory)] $Windows)
    $port = Get-RdpPort -Windows $Windows
    if ($port -lt 1 -or $port -gt 65535) { return }
    $seen = Read-Handshake -Port $port
    $script:Facts.handshake = [ordered]@{
        stage = [string]$seen.Stage
        protocol = Limit-Text $seen.Protocol 32
        thumbprint = $(if ($seen.Thumbprint -match '^[0-9A-F]{0,64}$') { [string]$seen.Thumbprint } else { '' })
    }
}
