<#
.SYNOPSIS
    Sets the security of the RDP listener to what clients of today ask for.
.DESCRIPTION
    Detects: SecurityLayer 0 (RDP security, no TLS), fAllowSecProtocolNegotiation 0, the low encryption level beside
    TLS; as warnings, NLA off and policies that say otherwise.
    Changes: SecurityLayer 2 (TLS), UserAuthentication 1 (NLA), MinEncryptionLevel 3, fAllowSecProtocolNegotiation 1:
    the recommended state. Never lowers a value. Restarts TermService, which ends open sessions.
    Needs: SYSTEM or an administrator.
    Gives back: nothing but the result line.
.EXAMPLE
    powershell.exe -File rdp-security-layer.ps1
.NOTES
    Verify: Get-CimInstance -Namespace root\cimv2\TerminalServices -ClassName Win32_TSGeneralSetting
    Undo: write back the values that the result line names as "before", restart TermService.
#>
# rdp-medic-script: online/rdp-security-layer
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\online.ps1')

$repair = {
    $wanted = [ordered]@{ MinEncryptionLevel = 3; UserAuthentication = 1; fAllowSecProtocolNegotiation = 1; SecurityLayer = 2 }
    # Raising the level first: TLS with the low level is a pair that Windows would correct on its own.
    foreach ($name in $wanted.Keys) {
        $value = Get-RegistryValue -Key $script:RdpTcp -Name $name
        if ($null -eq $value -or $value -lt $wanted[$name]) {
            Set-RegistryValue -Key $script:RdpTcp -Name $name -Value $wanted[$name]
        }
    }
    Restart-RdpService
}

Invoke-RdpMedicScript -Id 'online/rdp-security-layer' -Detect { Find-SecurityLayerFault } -Repair $repair
