# rdp-medic-lib: offline-findings
# What can be wrong in a Windows that is not running: one function a cause, reading only, used by offline/diagnose
# and by the script that repairs the cause (before the repair, and again after it). Each takes the $Guest of
# offline.ps1. Where one registry value cures a finding, Add-Cure notes it, and Repair-Value writes what was noted.

$script:ServiceDefaults = [ordered]@{ TermService = 3; UmRdpService = 3; SessionEnv = 3; CertPropSvc = 3; KeyIso = 3; CryptSvc = 2 }
$script:RdpKeyPrefix = 'f686aace6942fb7f7ceb231212eef4a4_'

function Add-Cure {
    # A fault, and the value that cures it. The set is named by its last part: the rest of a path says nothing more.
    param([Parameter(Mandatory)] [string] $Code, [string] $Cause = '', [Parameter(Mandatory)] [string] $Key,
        [Parameter(Mandatory)] [string] $Name, [AllowNull()] [object] $Value, [Parameter(Mandatory)] [object] $Wanted, [string] $Type = 'DWord')

    $seen = $(if ($null -eq $Value) { 'missing' } else { [string]$Value })
    Add-Finding -Cause $Cause -Code $Code -Detail "$Name is $seen, wanted $Wanted" -Data @{ key = $Key.Replace('HKLM:\RdpMedic', '') }
    [void]$script:Cures.Add(@{ Key = $Key; Name = $Name; Value = $Wanted; Type = $Type })
}

function Compare-Value {
    # A fault if the value stands there and is none of the accepted ones (or is missing, where that is a fault too).
    param([Parameter(Mandatory)] [string] $Code, [string] $Cause = '', [Parameter(Mandatory)] [string] $Key,
        [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [object] $Wanted, [object[]] $Accepted = @(),
        [string] $Type = 'DWord', [switch] $MissingIsFault)

    $value = Get-RegistryValue -Key $Key -Name $Name
    if ($null -eq $value -and -not $MissingIsFault) { return }
    if ($null -ne $value -and ($value -eq $Wanted -or $value -in $Accepted)) { return }
    Add-Cure -Cause $Cause -Code $Code -Key $Key -Name $Name -Value $value -Wanted $Wanted -Type $Type
}

function Repair-Value {
    foreach ($cure in @($script:Cures)) { Set-RegistryValue @cure }
}

function Get-ListenerKey {
    param([Parameter(Mandatory)] [string] $ControlSet)
    return "$ControlSet\Control\Terminal Server\WinStations\RDP-Tcp"
}

function Find-DeniedConnection {
    # A policy wins over these values and comes back: it is named, and left for a person to change.
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        $key = "$set\Control\Terminal Server"
        Compare-Value -Cause 'rdp-denied' -Code 'ConnectionsDenied' -Key $key -Name 'fDenyTSConnections' -Wanted 0
        Compare-Value -Cause 'rdp-denied' -Code 'ConnectionsDenied' -Key $key -Name 'TSEnabled' -Wanted 1
        Compare-Value -Cause 'rdp-denied' -Code 'ConnectionsDenied' -Key $key -Name 'TSUserEnabled' -Wanted 0
        Compare-Value -Cause 'rdp-denied' -Code 'ConnectionsDenied' -Key $key -Name 'TSServerDrainMode' -Wanted 0
    }
}

function Find-ServiceFault {
    # Start types and the account: what runs is decided at the next boot. Error 1058 and 1069 come from these.
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        foreach ($service in $script:ServiceDefaults.Keys) {
            $start = Get-RegistryValue -Key "$set\Services\$service" -Name 'Start'
            if ($start -ne 4) { continue }
            Add-Cure -Cause 'term-service' -Code 'TermServiceDisabled' -Key "$set\Services\$service" -Name 'Start' -Value $start -Wanted $script:ServiceDefaults[$service]
        }
        $key = "$set\Services\TermService"
        Compare-Value -Cause 'term-service' -Code 'TermServiceAccountChanged' -Key $key -Name 'ObjectName' -Wanted 'NT Authority\NetworkService' -Type 'String'
        Compare-Value -Cause 'term-service' -Code 'TermServiceTypeChanged' -Key $key -Name 'Type' -Wanted 16 -Accepted @(32)
    }
}

function Find-ListenerFault {
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        $key = Get-ListenerKey -ControlSet $set
        # Without fEnableWinStation nothing listens, whatever else the key holds: it is written last by the repair.
        if ($null -eq (Get-RegistryValue -Key $key -Name 'fEnableWinStation')) {
            Add-Finding -Cause 'rdp-listener' -Code 'ListenerMissing' -Detail 'The listener RDP-Tcp is not there' -Data @{ key = $key.Replace('HKLM:\RdpMedic', '') }
            continue
        }
        Compare-Value -Cause 'rdp-listener' -Code 'ListenerDisabled' -Key $key -Name 'fEnableWinStation' -Wanted 1
        Compare-Value -Cause 'rdp-listener' -Code 'ListenerDisabled' -Key $key -Name 'fLogonDisabled' -Wanted 0
        Compare-Value -Cause 'rdp-listener' -Code 'ListenerOnOneAdapter' -Key $key -Name 'LanAdapter' -Wanted 0
    }
}

function Find-PortFault {
    # Who holds a port cannot be seen on a disk. Seen is a number that cannot be right, or (when the wire said that
    # something else answers) one that is not the port to move to.
    param([Parameter(Mandatory)] $Guest, [int] $WantedPort = 0)

    foreach ($set in $Guest.ControlSets) {
        $key = Get-ListenerKey -ControlSet $set
        $port = Get-RegistryValue -Key $key -Name 'PortNumber'
        if ($WantedPort -gt 0) {
            Compare-Value -Cause 'rdp-port' -Code 'PortTaken' -Key $key -Name 'PortNumber' -Wanted $WantedPort
        }
        elseif ($null -ne $port -and ($port -lt 1 -or $port -gt 65535)) {
            Add-Cure -Cause 'rdp-port' -Code 'PortInvalid' -Key $key -Name 'PortNumber' -Value $port -Wanted 3389
        }
    }
}

function Find-FirewallFault {
    # The two rules by name, display names are localised. Of a rule's text only the field meant is looked at.
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        $port = Get-RegistryValue -Key (Get-ListenerKey -ControlSet $set) -Name 'PortNumber'
        $key = "$set\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules"
        foreach ($name in @('RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP')) {
            $rule = Get-RegistryValue -Key $key -Name $name
            if ($null -eq $rule) { continue }
            $open = $rule -replace '\|Active=FALSE\|', '|Active=TRUE|' -replace '\|Action=Block\|', '|Action=Allow|'
            $right = $(if ($null -eq $port) { $open } else { $open -replace '\|LPort=\d+\|', "|LPort=$port|" })
            if ($open -ne $rule) { Add-FirewallCure -Code 'FirewallRuleDisabled' -Key $key -Name $name -Wanted $right }
            if ($right -ne $open) { Add-FirewallCure -Code 'FirewallRuleWrongPort' -Key $key -Name $name -Wanted $right }
        }
    }
}

function Add-FirewallCure {
    param([Parameter(Mandatory)] [string] $Code, [Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Wanted)

    Add-Finding -Cause 'rdp-firewall' -Code $Code -Detail $Name -Data @{ key = $Key.Replace('HKLM:\RdpMedic', '') }
    [void]$script:Cures.Add(@{ Key = $Key; Name = $Name; Value = $Wanted; Type = 'String' })
}

function Find-TlsFault {
    # No value is the default of Windows, which is on. 'Enabled' counts only with DisabledByDefault 0. The old
    # versions are looked at only when asked for: switched off is how they should be.
    param([Parameter(Mandatory)] $Guest, [string] $LegacyTls = 'no')

    $versions = $(if ($LegacyTls -eq 'yes') { 'TLS 1.0', 'TLS 1.1', 'TLS 1.2' } else { 'TLS 1.2' })
    foreach ($set in $Guest.ControlSets) {
        foreach ($version in $versions) {
            foreach ($side in 'Server', 'Client') {
                $key = "$set\Control\SecurityProviders\SCHANNEL\Protocols\$version\$side"
                $enabled = Get-RegistryValue -Key $key -Name 'Enabled'
                if ($enabled -eq 0) { Add-Cure -Cause 'tls' -Code "Tls${side}Disabled" -Key $key -Name 'Enabled' -Value $enabled -Wanted 1 }
                Compare-Value -Cause 'tls' -Code 'TlsDisabledByDefault' -Key $key -Name 'DisabledByDefault' -Wanted 0
            }
        }
    }
}

function Find-SecurityLayerFault {
    param([Parameter(Mandatory)] $Guest)

    foreach ($set in $Guest.ControlSets) {
        $key = Get-ListenerKey -ControlSet $set
        Compare-Value -Cause 'rdp-security-layer' -Code 'SecurityLayerWeak' -Key $key -Name 'SecurityLayer' -Wanted 2 -Accepted @(1)
        Compare-Value -Cause 'rdp-security-layer' -Code 'NlaOff' -Key $key -Name 'UserAuthentication' -Wanted 1
        Compare-Value -Cause 'rdp-security-layer' -Code 'NegotiationOff' -Key $key -Name 'fAllowSecProtocolNegotiation' -Wanted 1
        Compare-Value -Cause 'rdp-security-layer' -Code 'EncryptionMismatch' -Key $key -Name 'MinEncryptionLevel' -Wanted 3 -Accepted @(2, 4)
    }
}
