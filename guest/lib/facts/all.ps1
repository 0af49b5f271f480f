# rdp-medic-lib: facts/all
# Reads everything, in one go: Read-Facts gives back what Windows is (shared/model/facts.ts). It changes nothing.

$script:Facts = $null

function Read-Facts {
    param([Parameter(Mandatory)] $Windows)
    $script:Facts = [ordered]@{
        schema = 2; scope = $Windows.Scope; at = Format-Moment -Time (Get-Date)
        windows = [ordered]@{
            name = ''; build = 0; language = ''; computer = ''; domain = ''; machineGuid = ''; agent = ''; powerShell = ''; updatesPending = $false
        }
        sets = @($Windows.Sets); registry = @()
        services = New-List; listeners = New-List; reservedPorts = New-List
        rdpCertificates = New-List; boundCertificate = $null
        keys = [ordered]@{ folder = New-SecuredPath; rdpKey = New-SecuredPath; boundKey = $null; opens = 'unknown'; opensCode = 0; files = 0 }
        firewallRules = New-List
        handshake = [ordered]@{ stage = 'untried'; protocol = ''; thumbprint = '' }
        events = New-List; failedLogons = New-List; policies = New-List; appliedPolicies = New-List
        space = $null; clockAheadSeconds = $null; boot = @(); installations = @(); owed = @(); unread = @()
    }
    $w = $Windows
    Set-Part -Name 'windows' -Read { Read-WindowsFact -Windows $w }
    Set-Part -Name 'registry' -Read { Read-QueryFact -Windows $w }
    Set-Part -Name 'certificates' -Read { Read-CertificateFact -Windows $w }
    Set-Part -Name 'keys' -Read { Read-KeyFact -Windows $w }
    Set-List -Name 'firewallRules' -Most 48 -Read { Read-FirewallFact -Windows $w }
    Set-Part -Name 'boot' -Read { Read-BootFact -Windows $w }
    Set-Part -Name 'space' -Read { Read-SpaceFact -Windows $w }
    Set-Part -Name 'owed' -Read { Read-OwedFact -Windows $w }
    if ($w.Scope -eq 'online') { Read-LiveFacts -Windows $w }
    else { Set-Part -Name 'installations' -Read { Read-InstallationFact -Windows $w } }
    return $script:Facts
}

function Read-LiveFacts {
    # What only a running Windows knows.
    param([Parameter(Mandatory)] $Windows)
    $w = $Windows
    Set-List -Name 'services' -Most 32 -Read { Read-ServiceFact }
    Set-List -Name 'listeners' -Most 32 -Read { Read-ListenerFact -Windows $w }
    Set-List -Name 'reservedPorts' -Most 64 -Read { Read-ReservedPortFact }
    Set-Part -Name 'reservedPorts' -Read { Set-ReservedPort }
    Set-Part -Name 'handshake' -Read { Read-HandshakeFact -Windows $w }
    Set-List -Name 'events' -Most 32 -Read { Read-EventFact }
    Set-List -Name 'failedLogons' -Most 8 -Read { Read-FailedLogonFact }
    Set-List -Name 'policies' -Most 32 -Read { Read-PolicyFact }
    Set-List -Name 'appliedPolicies' -Most 16 -Read { Read-AppliedPolicyFact }
    Set-Part -Name 'clock' -Read { Read-ClockFact }
}
