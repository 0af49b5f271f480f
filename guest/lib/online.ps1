# What the causes look like on a running Windows. Each Find- function only reads and is used twice: by
# diagnosis, which runs them all, and by the script that repairs that cause, before and after its change.

$script:TsPolicy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services'

# Stopping one of these takes away the agent, the network or the logon itself.
$script:ProtectedServices = @(
    'WindowsAzureGuestAgent', 'RdAgent', 'WindowsAzureTelemetryService', 'RpcSs', 'RpcEptMapper', 'DcomLaunch',
    'SamSs', 'Netlogon', 'KeyIso', 'VaultSvc', 'Kdc', 'NTDS', 'LanmanServer', 'LanmanWorkstation', 'Dnscache',
    'Dhcp', 'BFE', 'MpsSvc', 'EventLog', 'CryptSvc', 'gpsvc', 'ProfSvc', 'Schedule', 'Winmgmt', 'WinDefend',
    'Power', 'PlugPlay', 'LSM', 'BrokerInfrastructure', 'SystemEventsBroker', 'UserManager', 'CoreMessagingRegistrar'
)

function Get-RdpPort {
    $port = Get-RegistryValue -Key $script:RdpTcp -Name 'PortNumber'
    if ($null -eq $port) { return 3389 }
    return [int]$port
}

function Get-PortOwner {
    # Who listens on a port: one object per process, with the services it hosts. Empty when nobody listens.
    # Ownership goes by process id: TermService is one svchost.exe among many.
    param([Parameter(Mandatory)] [int] $Port)
    $listeners = @(Get-NetTCPConnection -State Listen -LocalPort $Port -ErrorAction SilentlyContinue)
    foreach ($processId in @($listeners | ForEach-Object { [int]$_.OwningProcess } | Sort-Object -Unique)) {
        $services = @()
        # Process 4 is System: http.sys or a driver, whatever services claim it.
        if ($processId -gt 4) {
            $services = @(Get-CimInstance -ClassName Win32_Service | Where-Object { $_.ProcessId -eq $processId })
        }
        $names = @($services | ForEach-Object { $_.Name } | Sort-Object)
        New-Object PSObject -Property @{
            ProcessId = $processId
            Names = $names
            IsRdp = $names -contains 'TermService'
            IsAutomatic = @($services | Where-Object { $_.StartMode -eq 'Auto' }).Count -gt 0
            CanStop = $services.Count -gt 0 -and
                @($services | Where-Object { -not $_.AcceptStop -or $script:ProtectedServices -contains $_.Name }).Count -eq 0 -and
                @($names | Where-Object { Test-ProtectedDependent -Name $_ }).Count -eq 0
        }
    }
}

function Test-ProtectedDependent {
    # Stop-Service -Force takes dependents along: none of them may be a protected one.
    param([Parameter(Mandatory)] [string] $Name)
    $dependents = @((Get-Service -Name $Name).DependentServices | Where-Object { $_.Status -eq 'Running' })
    return @($dependents | Where-Object { $script:ProtectedServices -contains $_.Name }).Count -gt 0
}

function Test-PortExcluded {
    # Hyper-V and WinNAT reserve ranges: nobody listens, yet binding is refused. Only the numbers are read.
    param([Parameter(Mandatory)] [int] $Port)
    foreach ($line in @(netsh.exe int ipv4 show excludedportrange protocol=tcp)) {
        if ($line -match '^\s*(\d+)\s+(\d+)' -and $Port -ge [int]$Matches[1] -and $Port -le [int]$Matches[2]) { return $true }
    }
    return $false
}

function Find-PortFault {
    $port = Get-RdpPort
    $owners = @(Get-PortOwner -Port $port)
    foreach ($owner in $owners) {
        if ($owner.IsRdp) { continue }
        # One that starts with Windows may be back after the next restart.
        $data = @{ port = $port; owner = $owner.Names -join ', '; startsWithWindows = $owner.IsAutomatic }
        if ($owner.CanStop) {
            Add-Finding -Cause 'rdp-port' -Code 'PortTakenByService' -Detail 'another service listens on the RDP port' -Data $data
        }
        elseif ($owner.Names.Count -gt 0) {
            Add-Finding -Cause 'rdp-port' -Code 'PortTakenByProtectedService' -Detail 'a service that must not or cannot be stopped listens on the RDP port' -Data $data
        }
        else {
            $data.owner = if ($owner.ProcessId -le 4) { 'System' } else { 'program' }
            Add-Finding -Cause 'rdp-port' -Code 'PortTakenByProgram' -Detail 'a driver or a program that is no service listens on the RDP port' -Data $data
        }
    }
    $isOurs = @($owners | Where-Object { $_.IsRdp }).Count -gt 0
    if (-not $isOurs -and (Test-PortExcluded -Port $port)) {
        Add-Finding -Cause 'rdp-port' -Code 'PortExcluded' -Detail 'the RDP port lies in a reserved range: nothing can listen on it' -Data @{ port = $port }
    }
    if ($port -ne 3389) {
        Add-Finding -Severity info -Code 'PortMovedAlready' -Detail 'RDP is set to another port than 3389' -Data @{ port = $port }
    }
}

function Find-DenyFault {
    $switches = @(
        @{ Key = $script:TerminalServer; Name = 'fDenyTSConnections'; Refuses = 1; Severity = 'fault' },
        @{ Key = $script:TerminalServer; Name = 'TSEnabled'; Refuses = 0; Severity = 'fault' },
        @{ Key = $script:TerminalServer; Name = 'TSServerDrainMode'; Refuses = 1; Severity = 'warning' },
        @{ Key = $script:TerminalServer; Name = 'TSUserEnabled'; Refuses = 1; Severity = 'warning' }
    )
    foreach ($switch in $switches) {
        if ((Get-RegistryValue -Key $switch.Key -Name $switch.Name) -eq $switch.Refuses) {
            Add-Finding -Cause 'rdp-denied' -Code 'ConnectionsDenied' -Severity $switch.Severity -Detail 'Windows refuses Remote Desktop connections' -Data @{ value = $switch.Name }
        }
    }
    if ((Get-RegistryValue -Key $script:TsPolicy -Name 'fDenyTSConnections') -eq 1) {
        Add-Finding -Cause 'rdp-denied' -Code 'ConnectionsDeniedByPolicy' -Detail 'a policy refuses Remote Desktop connections; it must be changed there' -Data @{ gpo = Get-PolicySource -Key $script:TsPolicy -Name 'fDenyTSConnections' }
    }
}

function Get-PolicySource {
    # Name of the winning GPO of a true policy value. Filtered here: backslash is an escape in WQL.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Name)
    $path = $Key -replace '^HKLM:\\', ''
    $setting = Get-CimInstance -Namespace 'root\rsop\computer' -ClassName RSOP_RegistryPolicySetting -ErrorAction SilentlyContinue |
        Where-Object { $_.registryKey -eq $path -and $_.valueName -eq $Name } | Sort-Object precedence | Select-Object -First 1
    if ($null -eq $setting) { return 'unknown' }
    $gpo = Get-CimInstance -Namespace 'root\rsop\computer' -ClassName RSOP_GPO -ErrorAction SilentlyContinue |
        Where-Object { $_.id -eq $setting.GPOID } | Select-Object -First 1
    if ($null -eq $gpo) { return 'unknown' }
    return [string]$gpo.name
}

function Find-ServiceFault {
    $service = Get-ServiceInfo -Name 'TermService'
    if ($null -eq $service) {
        Add-Finding -Cause 'term-service' -Code 'TermServiceMissing' -Detail 'the Remote Desktop service is not installed'
        return
    }
    if ($service.StartName -and $service.StartName -notmatch '^NT AUTHORITY\\Network ?Service$') {
        Add-Finding -Cause 'term-service' -Code 'TermServiceAccountChanged' -Detail 'the Remote Desktop service runs under another account' -Data @{ account = [string]$service.StartName }
    }
    if ($service.StartMode -eq 'Disabled') {
        Add-Finding -Cause 'term-service' -Code 'TermServiceDisabled' -Detail 'the Remote Desktop service is disabled'
    }
    elseif ($service.State -ne 'Running') {
        Add-Finding -Cause 'term-service' -Code 'TermServiceStopped' -Detail 'the Remote Desktop service does not run'
    }
    foreach ($name in 'SessionEnv', 'UmRdpService') {
        $helper = Get-ServiceInfo -Name $name
        if ($null -ne $helper -and $helper.StartMode -eq 'Disabled') {
            # Without SessionEnv no certificate is made; UmRdpService only redirects devices.
            $severity = if ($name -eq 'SessionEnv') { 'fault' } else { 'warning' }
            Add-Finding -Cause 'term-service' -Code 'RdpServiceDisabled' -Severity $severity -Detail 'a service that Remote Desktop uses is disabled' -Data @{ service = $name }
        }
    }
}

function Find-FirewallFault {
    # By rule name: display names and group names are translated.
    $service = Get-ServiceInfo -Name 'MpsSvc'
    if ($null -ne $service -and $service.State -ne 'Running') {
        # Without it the rules cannot even be read.
        Add-Finding -Code 'FirewallServiceStopped' -Severity warning -Detail 'the Windows Firewall service does not run: its rules are unknown'
        return
    }
    $port = Get-RdpPort
    foreach ($name in 'RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP') {
        # RDP works without UDP, only slower.
        $severity = if ($name -like '*-TCP') { 'fault' } else { 'warning' }
        $rule = Get-NetFirewallRule -Name $name -ErrorAction SilentlyContinue | Select-Object -First 1
        if ($null -eq $rule) {
            Add-Finding -Cause 'rdp-firewall' -Code 'FirewallRuleMissing' -Severity $severity -Detail 'the firewall rule for RDP is gone' -Data @{ rule = $name }
            continue
        }
        if ([string]$rule.Enabled -ne 'True') {
            Add-Finding -Cause 'rdp-firewall' -Code 'FirewallRuleDisabled' -Severity $severity -Detail 'the firewall rule for RDP is off' -Data @{ rule = $name }
        }
        if ([string]$rule.Action -ne 'Allow') {
            Add-Finding -Cause 'rdp-firewall' -Code 'FirewallRuleBlocks' -Severity $severity -Detail 'the firewall rule for RDP blocks' -Data @{ rule = $name }
        }
        $ports = @((Get-NetFirewallPortFilter -AssociatedNetFirewallRule $rule).LocalPort | ForEach-Object { [string]$_ })
        if ($ports -notcontains [string]$port -and $ports -notcontains 'Any') {
            Add-Finding -Cause 'rdp-firewall' -Code 'FirewallRuleWrongPort' -Severity $severity -Detail 'the firewall rule lets another port in' -Data @{ rule = $name; port = $ports -join ','; expected = $port }
        }
        $policy = [string](Get-RegistryValue -Key 'HKLM:\SOFTWARE\Policies\Microsoft\WindowsFirewall\FirewallRules' -Name $name)
        if ($policy -match '\|Action=Block\|') {
            Add-Finding -Cause 'rdp-firewall' -Code 'FirewallRuleBlockedByPolicy' -Severity $severity -Detail 'a policy rule of the same name blocks RDP; it must be changed there' -Data @{ rule = $name }
        }
    }
}

function Find-ListenerFault {
    if (-not (Test-Path -LiteralPath $script:RdpTcp)) {
        Add-Finding -Cause 'rdp-listener' -Code 'ListenerMissing' -Detail 'the settings of the RDP listener are gone'
        return
    }
    if ((Get-RegistryValue -Key $script:RdpTcp -Name 'fEnableWinStation') -eq 0) {
        Add-Finding -Cause 'rdp-listener' -Code 'ListenerDisabled' -Detail 'the RDP listener is off' -Data @{ value = 'fEnableWinStation' }
    }
    if ((Get-RegistryValue -Key $script:RdpTcp -Name 'fLogonDisabled') -eq 1) {
        Add-Finding -Cause 'rdp-listener' -Code 'ListenerDisabled' -Detail 'the RDP listener refuses logons' -Data @{ value = 'fLogonDisabled' }
    }
    $protocol = Get-RegistryValue -Key $script:RdpTcp -Name 'LoadableProtocol_Object'
    if ($null -ne $protocol -and $protocol -ne '{5828227c-20cf-4408-b73f-73ab70b8849f}') {
        Add-Finding -Severity warning -Code 'ListenerProtocolReplaced' -Detail 'the listener belongs to another product' -Data @{ value = [string]$protocol }
    }
    $adapter = Get-RegistryValue -Key $script:RdpTcp -Name 'LanAdapter'
    if ($null -ne $adapter -and $adapter -ne 0) {
        Add-Finding -Severity warning -Code 'ListenerBoundToAdapter' -Detail 'the RDP listener answers on one network adapter only' -Data @{ adapter = [int]$adapter }
    }
}

function Find-SecurityLayerFault {
    $layer = Get-RegistryValue -Key $script:RdpTcp -Name 'SecurityLayer'
    $level = Get-RegistryValue -Key $script:RdpTcp -Name 'MinEncryptionLevel'
    if ($null -ne $layer -and $layer -eq 0) {
        Add-Finding -Cause 'rdp-security-layer' -Code 'SecurityLayerWeak' -Detail 'RDP security instead of TLS: clients that require TLS are refused' -Data @{ value = 0 }
    }
    if ((Get-RegistryValue -Key $script:RdpTcp -Name 'fAllowSecProtocolNegotiation') -eq 0) {
        Add-Finding -Cause 'rdp-security-layer' -Code 'NegotiationOff' -Detail 'client and server may not agree on a security protocol'
    }
    if ((Get-RegistryValue -Key $script:RdpTcp -Name 'UserAuthentication') -eq 0) {
        Add-Finding -Cause 'rdp-security-layer' -Code 'NlaOff' -Severity warning -Detail 'network level authentication is off'
    }
    if ($layer -eq 2 -and $level -eq 1) {
        Add-Finding -Cause 'rdp-security-layer' -Code 'EncryptionMismatch' -Detail 'TLS does not go with the low encryption level'
    }
    foreach ($name in 'SecurityLayer', 'UserAuthentication', 'MinEncryptionLevel') {
        $value = Get-RegistryValue -Key $script:TsPolicy -Name $name
        if ($null -ne $value -and $value -eq 0) {
            Add-Finding -Cause 'rdp-security-layer' -Code 'SecuritySetByPolicy' -Severity warning -Detail 'a policy sets this value, whatever the local one says' -Data @{ value = $name; gpo = Get-PolicySource -Key $script:TsPolicy -Name $name }
        }
    }
}

function Find-UnfinishedRepair {
    # A repair that was cut off: its fault may be gone while its service was not restarted.
    foreach ($cause in 'rdp-port', 'rdp-denied', 'term-service', 'rdp-firewall', 'rdp-listener', 'rdp-certificate', 'machine-keys', 'tls', 'rdp-security-layer') {
        if (Test-Unfinished -Id "online/$cause") {
            Add-Finding -Cause $cause -Code 'RepairUnfinished' -Detail 'a repair of this cause was cut off'
        }
    }
}
