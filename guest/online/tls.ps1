<#
.SYNOPSIS
    Lets RDP use TLS again.
.DESCRIPTION
    Detects: TLS 1.2 switched off for servers in SCHANNEL (Enabled 0 or DisabledByDefault not 0), or a policy
    for cipher suites that leaves none.
    Changes: Enabled 1 and DisabledByDefault 0 for the server side of TLS 1.2, and of 1.3 where Windows has it
    (build 20348 on); the empty policy value is removed; the Group Policy service is set to disabled, so that a
    policy does not undo this at the next start of Windows.
    Needs: SYSTEM (the key of gpsvc refuses administrators) and a restart of the VM. Afterwards run
    online/group-policy, which sets the Group Policy service back and looks again.
    Gives back: fact groupPolicyService = disabled when it was switched off here.
.PARAMETER LegacyTls
    yes: switches on TLS 1.0 and 1.1 as well, for clients that know nothing newer. Default no.
.EXAMPLE
    powershell.exe -File tls.ps1 -LegacyTls no
.NOTES
    Verify: Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server'
    Undo: write back the values that the result line names as "before", delete those that were not there; restart.
#>
# rdp-medic-script: online/tls
[CmdletBinding()]
param(
    [ValidateSet('yes', 'no')] [string] $LegacyTls = 'no'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\keys.ps1')

$repair = {
    $build = [int](Get-CimInstance -ClassName Win32_OperatingSystem).BuildNumber
    $versions = @('TLS 1.2')
    if ($build -ge 20348) { $versions += 'TLS 1.3' }
    if ($LegacyTls -eq 'yes') { $versions += 'TLS 1.0', 'TLS 1.1' }

    foreach ($version in $versions) {
        $key = Join-Path $script:SchannelProtocols "$version\Server"
        Set-RegistryValue -Key $key -Name 'Enabled' -Value 1
        Set-RegistryValue -Key $key -Name 'DisabledByDefault' -Value 0
    }
    $suites = Get-RegistryValue -Key $script:CipherPolicy -Name 'Functions'
    if ($null -ne $suites -and -not ((@($suites) -join ',') -match 'TLS_')) {
        Remove-RegistryValue -Key $script:CipherPolicy -Name 'Functions'
    }
    Set-RegistryValue -Key 'HKLM:\SYSTEM\CurrentControlSet\Services\gpsvc' -Name 'Start' -Value 4
    Set-Fact -Name 'groupPolicyService' -Value 'disabled'
    Request-VmRestart
}

Invoke-RdpMedicScript -Id 'online/tls' -Detect { Find-TlsFault } -Repair $repair
