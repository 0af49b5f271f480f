<#
.SYNOPSIS
    Switches TLS on again in the Windows on an attached disk, so that it survives the first boot.
.DESCRIPTION
    Detects: TLS 1.2 switched off for servers in SCHANNEL (Enabled 0, or DisabledByDefault not 0) in the control sets in
    use, or a policy for cipher suites that leaves none; as warnings the same of TLS 1.3.
    Changes: with HoldPolicy yes first the service gpsvc to disabled (4), because the policy refresh of the first boot
    could put the old values back; then Enabled 1 and DisabledByDefault 0 for TLS 1.2, and for 1.3 where that Windows
    has it (build 20348 on); the empty policy value is removed.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator. After the boot run
    online/group-policy, which sets the Group Policy service back and looks again.
    Gives back: fact groupPolicyService = disabled when it was switched off here.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.PARAMETER LegacyTls
    yes: switches on TLS 1.0 and 1.1 as well, for clients that know nothing newer. Default no.
.PARAMETER HoldPolicy
    no: leaves the Group Policy service as it is, for a VM in which nobody could set it back afterwards. Default yes.
.EXAMPLE
    powershell.exe -File tls.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: offline/tls
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun,
    [ValidateSet('yes', 'no')] [string] $LegacyTls = 'no',
    [ValidateSet('yes', 'no')] [string] $HoldPolicy = 'yes'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')

$find = { Find-GuestTlsFault -Guest $Guest }
$repair = {
    $versions = @()
    if ($LegacyTls -eq 'yes') { $versions += 'TLS 1.0', 'TLS 1.1' }
    if ((Get-GuestBuild -Guest $Guest) -ge 20348) { $versions += 'TLS 1.3' }
    $versions += 'TLS 1.2'

    # gpsvc first and TLS 1.2 last: cut short anywhere between, a rerun still finds its fault.
    foreach ($set in $Guest.ControlSets) {
        if ($HoldPolicy -eq 'yes') { Set-RegistryValue -Key "$set\Services\gpsvc" -Name 'Start' -Value 4 }
        foreach ($version in $versions) {
            $key = "$set\Control\SecurityProviders\SCHANNEL\Protocols\$version\Server"
            # Enabled counts only with DisabledByDefault 0.
            Set-RegistryValue -Key $key -Name 'DisabledByDefault' -Value 0
            Set-RegistryValue -Key $key -Name 'Enabled' -Value 1
        }
    }
    if (Test-CipherPolicyEmpty -Guest $Guest) { Remove-RegistryValue -Key (Get-CipherPolicyKey -Guest $Guest) -Name 'Functions' }
    if ($HoldPolicy -eq 'yes') { Set-Fact -Name 'groupPolicyService' -Value 'disabled' }
}

Invoke-OfflineRepair -Id 'offline/tls' -Lun $Lun -Hives 'SYSTEM', 'SOFTWARE' -FindFaults $find -RepairFaults $repair
