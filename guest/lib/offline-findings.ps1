# What the causes look like in a Windows that is not running: the offline twins of online.ps1 and keys.ps1, with the
# same codes. Each Find- function only reads and is used twice: by offline/diagnose, which runs them all, and by the
# script that repairs that cause, before and after its change. $Guest is the one of offline.ps1.

$script:RdpFirewallRules = [ordered]@{ 'RemoteDesktop-UserMode-In-TCP' = 6; 'RemoteDesktop-UserMode-In-UDP' = 17 }
$script:FirewallRules = 'Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules'

function Get-ListenerKey {
    param([Parameter(Mandatory)] [string] $ControlSet)
    return "$ControlSet\Control\Terminal Server\WinStations\RDP-Tcp"
}

function Get-ControlSetName {
    param([Parameter(Mandatory)] [string] $Key)
    return $Key -replace '^.*\\(ControlSet\d{3})(\\.*)?$', '$1'
}

function Get-GuestRdpPort {
    param([Parameter(Mandatory)] [string] $ControlSet)

    $port = Get-RegistryValue -Key (Get-ListenerKey -ControlSet $ControlSet) -Name 'PortNumber'
    if ($null -eq $port) { return 3389 }
    return [int]$port
}

function Find-GuestDenyFault {
    param([Parameter(Mandatory)] $Guest)

    $switches = @(
        @{ Name = 'fDenyTSConnections'; Refuses = 1; Severity = 'fault' }
        @{ Name = 'TSEnabled'; Refuses = 0; Severity = 'fault' }
        @{ Name = 'TSServerDrainMode'; Refuses = 1; Severity = 'warning' }
        @{ Name = 'TSUserEnabled'; Refuses = 1; Severity = 'warning' }
    )
    foreach ($set in $Guest.ControlSets) {
        foreach ($switch in $switches) {
            if ((Get-RegistryValue -Key "$set\Control\Terminal Server" -Name $switch.Name) -ne $switch.Refuses) { continue }
            Add-Finding -Cause 'rdp-denied' -Code 'ConnectionsDenied' -Severity $switch.Severity -Detail 'Windows refuses Remote Desktop connections' -Data @{ value = $switch.Name; controlSet = Get-ControlSetName -Key $set }
        }
    }
    if ((Get-RegistryValue -Key "$($Guest.Software)\Policies\Microsoft\Windows NT\Terminal Services" -Name 'fDenyTSConnections') -eq 1) {
        Add-Finding -Cause 'rdp-denied' -Code 'ConnectionsDeniedByPolicy' -Detail 'a policy refuses Remote Desktop connections; it must be changed there'
    }
}

function Find-GuestServiceFault {
    # Start types and the account: what runs is decided at the next boot.
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        $name = Get-ControlSetName -Key $set
        $account = Get-RegistryValue -Key "$set\Services\TermService" -Name 'ObjectName'
        if ($null -ne $account -and $account -notmatch '^NT AUTHORITY\\Network ?Service$') {
            Add-Finding -Cause 'term-service' -Code 'TermServiceAccountChanged' -Detail 'the Remote Desktop service runs under another account' -Data @{ account = [string]$account; controlSet = $name }
        }
        if ((Get-RegistryValue -Key "$set\Services\TermService" -Name 'Start') -eq 4) {
            Add-Finding -Cause 'term-service' -Code 'TermServiceDisabled' -Detail 'the Remote Desktop service is disabled' -Data @{ controlSet = $name }
        }
        foreach ($service in 'SessionEnv', 'UmRdpService') {
            if ((Get-RegistryValue -Key "$set\Services\$service" -Name 'Start') -ne 4) { continue }
            # Without SessionEnv no certificate is made; UmRdpService only redirects devices.
            $severity = $(if ($service -eq 'SessionEnv') { 'fault' } else { 'warning' })
            Add-Finding -Cause 'term-service' -Code 'RdpServiceDisabled' -Severity $severity -Detail 'a service that Remote Desktop uses is disabled' -Data @{ service = $service; controlSet = $name }
        }
    }
}

function Find-GuestListenerFault {
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        $key = Get-ListenerKey -ControlSet $set
        $name = Get-ControlSetName -Key $set
        # Without that value it is no listener, whatever else a copy cut short left of the key.
        if ($null -eq (Get-RegistryValue -Key $key -Name 'fEnableWinStation')) {
            Add-Finding -Cause 'rdp-listener' -Code 'ListenerMissing' -Detail 'the settings of the RDP listener are gone' -Data @{ controlSet = $name }
            continue
        }
        if ((Get-RegistryValue -Key $key -Name 'fEnableWinStation') -eq 0) {
            Add-Finding -Cause 'rdp-listener' -Code 'ListenerDisabled' -Detail 'the RDP listener is off' -Data @{ value = 'fEnableWinStation'; controlSet = $name }
        }
        if ((Get-RegistryValue -Key $key -Name 'fLogonDisabled') -eq 1) {
            Add-Finding -Cause 'rdp-listener' -Code 'ListenerDisabled' -Detail 'the RDP listener refuses logons' -Data @{ value = 'fLogonDisabled'; controlSet = $name }
        }
        $adapter = Get-RegistryValue -Key $key -Name 'LanAdapter'
        if ($null -ne $adapter -and $adapter -ne 0) {
            Add-Finding -Severity warning -Code 'ListenerBoundToAdapter' -Detail 'the RDP listener answers on one network adapter only' -Data @{ adapter = [int]$adapter; controlSet = $name }
        }
    }
}

function Find-GuestPortFault {
    # Who holds a port cannot be seen on a disk. Seen is a number that cannot be right, or (when the wire said that
    # something else answers there, and a port to move to is given) one that is not that port.
    param([Parameter(Mandatory)] $Guest, [int] $NewPort = 0)

    foreach ($set in $Guest.ControlSets) {
        $port = Get-GuestRdpPort -ControlSet $set
        $data = @{ port = $port; controlSet = Get-ControlSetName -Key $set }
        if ($port -lt 1 -or $port -gt 65535) {
            Add-Finding -Cause 'rdp-port' -Code 'PortInvalid' -Detail 'the RDP listener has a number that is no port' -Data $data
        }
        elseif ($NewPort -gt 0 -and $port -ne $NewPort) {
            Add-Finding -Cause 'rdp-port' -Code 'PortToBeMoved' -Detail 'something else answers on the RDP port' -Data $data
        }
        elseif ($port -ne 3389) {
            Add-Finding -Severity info -Code 'PortMovedAlready' -Detail 'RDP is set to another port than 3389' -Data $data
        }
    }
}

function Find-GuestFirewallFault {
    # By rule name: display names and group names are translated. A rule is read field by field, as it is stored.
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        $port = Get-GuestRdpPort -ControlSet $set
        foreach ($name in $script:RdpFirewallRules.Keys) {
            # RDP works without UDP, only slower.
            $found = @{ Cause = 'rdp-firewall'; Severity = $(if ($name -like '*-TCP') { 'fault' } else { 'warning' }); Data = @{ rule = $name; controlSet = Get-ControlSetName -Key $set } }
            $rule = Get-RegistryValue -Key "$set\$script:FirewallRules" -Name $name
            if ($null -eq $rule) {
                Add-Finding @found -Code 'FirewallRuleMissing' -Detail 'the firewall rule for RDP is gone'
                continue
            }
            if ($rule -notmatch '\|Active=TRUE\|') { Add-Finding @found -Code 'FirewallRuleDisabled' -Detail 'the firewall rule for RDP is off' }
            if ($rule -notmatch '\|Action=Allow\|') { Add-Finding @found -Code 'FirewallRuleBlocks' -Detail 'the firewall rule for RDP blocks' }
            if ($rule -match '\|LPort=' -and $rule -notmatch "\|LPort=$port\|") {
                Add-Finding @found -Code 'FirewallRuleWrongPort' -Detail 'the firewall rule lets another port in'
            }
        }
    }
    foreach ($name in $script:RdpFirewallRules.Keys) {
        $policy = [string](Get-RegistryValue -Key "$($Guest.Software)\Policies\Microsoft\WindowsFirewall\FirewallRules" -Name $name)
        if ($policy -notmatch '\|Action=Block\|') { continue }
        $severity = $(if ($name -like '*-TCP') { 'fault' } else { 'warning' })
        Add-Finding -Cause 'rdp-firewall' -Code 'FirewallRuleBlockedByPolicy' -Severity $severity -Detail 'a policy rule of the same name blocks RDP; it must be changed there' -Data @{ rule = $name }
    }
}

function Find-GuestSecurityLayerFault {
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        $key = Get-ListenerKey -ControlSet $set
        $name = Get-ControlSetName -Key $set
        $layer = Get-RegistryValue -Key $key -Name 'SecurityLayer'
        if ($null -ne $layer -and $layer -eq 0) {
            Add-Finding -Cause 'rdp-security-layer' -Code 'SecurityLayerWeak' -Detail 'RDP security instead of TLS: clients that require TLS are refused' -Data @{ controlSet = $name }
        }
        if ((Get-RegistryValue -Key $key -Name 'fAllowSecProtocolNegotiation') -eq 0) {
            Add-Finding -Cause 'rdp-security-layer' -Code 'NegotiationOff' -Detail 'client and server may not agree on a security protocol' -Data @{ controlSet = $name }
        }
        if ((Get-RegistryValue -Key $key -Name 'UserAuthentication') -eq 0) {
            Add-Finding -Cause 'rdp-security-layer' -Code 'NlaOff' -Severity warning -Detail 'network level authentication is off' -Data @{ controlSet = $name }
        }
        if ($layer -eq 2 -and (Get-RegistryValue -Key $key -Name 'MinEncryptionLevel') -eq 1) {
            Add-Finding -Cause 'rdp-security-layer' -Code 'EncryptionMismatch' -Detail 'TLS does not go with the low encryption level' -Data @{ controlSet = $name }
        }
    }
}

function Get-GuestBuild {
    param([Parameter(Mandatory)] $Guest)
    return [int](Get-RegistryValue -Key "$($Guest.Software)\Microsoft\Windows NT\CurrentVersion" -Name 'CurrentBuildNumber')
}

function Get-CipherPolicyKey {
    param([Parameter(Mandatory)] $Guest)
    return "$($Guest.Software)\Policies\Microsoft\Cryptography\Configuration\SSL\00010002"
}

function Find-GuestTlsFault {
    # No key means the default of the Windows version: TLS 1.2 on. 1.0 and 1.1 switched off are no fault.
    param([Parameter(Mandatory)] $Guest)

    $hasTls13 = (Get-GuestBuild -Guest $Guest) -ge 20348
    foreach ($set in $Guest.ControlSets) {
        foreach ($version in 'TLS 1.2', 'TLS 1.3') {
            if ($version -eq 'TLS 1.3' -and -not $hasTls13) { continue }
            $found = @{ Cause = 'tls'; Severity = $(if ($version -eq 'TLS 1.2') { 'fault' } else { 'warning' }); Data = @{ protocol = $version; controlSet = Get-ControlSetName -Key $set } }
            $server = "$set\Control\SecurityProviders\SCHANNEL\Protocols\$version\Server"
            if ((Get-RegistryValue -Key $server -Name 'Enabled') -eq 0) {
                Add-Finding @found -Code 'TlsServerDisabled' -Detail 'the protocol is off for servers'
            }
            $byDefault = Get-RegistryValue -Key $server -Name 'DisabledByDefault'
            if ($null -ne $byDefault -and $byDefault -ne 0) {
                Add-Finding @found -Code 'TlsDisabledByDefault' -Detail 'the protocol is offered only to a program that asks for it'
            }
        }
        if ((Get-RegistryValue -Key "$set\Services\gpsvc" -Name 'Start') -eq 4) {
            Add-Finding -Severity info -Code 'GroupPolicyServiceDisabled' -Detail 'the Group Policy service is disabled' -Data @{ controlSet = Get-ControlSetName -Key $set }
        }
    }
    if (Test-CipherPolicyEmpty -Guest $Guest) {
        Add-Finding -Cause 'tls' -Code 'CipherPolicyEmpty' -Detail 'the policy for cipher suites leaves none that RDP could use'
    }
}

function Test-CipherPolicyEmpty {
    param([Parameter(Mandatory)] $Guest)

    $suites = Get-RegistryValue -Key (Get-CipherPolicyKey -Guest $Guest) -Name 'Functions'
    return $null -ne $suites -and (@($suites) -join ',') -notmatch 'TLS_'
}
