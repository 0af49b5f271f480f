<#
.SYNOPSIS
    Puts the RDP listener back.
.DESCRIPTION
    Detects: the settings of the listener RDP-Tcp gone; the listener switched off (fEnableWinStation 0) or refusing
    logons (fLogonDisabled 1); as warnings, a listener of another product or bound to one network adapter.
    Changes: missing settings are written as a fresh Windows has them, with the recommended security (TLS, NLA,
    high encryption); the two switches; restarts TermService, which ends open sessions.
    Needs: SYSTEM or an administrator.
    Gives back: nothing but the result line.
.EXAMPLE
    powershell.exe -File rdp-listener.ps1
.NOTES
    Verify: Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp'
    Undo: write back the values that the result line names as "before", restart TermService.
#>
# rdp-medic-script: online/rdp-listener
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\online.ps1')

function Repair-ListenerSetting {
    # What the listener needs to be built; everything else has a default in code. The switch comes last: a key
    # that was left half written is then still seen as a listener that is off.
    $texts = [ordered]@{
        LoadableProtocol_Object = '{5828227c-20cf-4408-b73f-73ab70b8849f}'
        PdName = 'tcp'; PdDLL = 'tdtcp'; PdName1 = 'tssecsrv'; PdDLL1 = 'tssecsrv'
        WdName = 'Microsoft RDP 8.0'; WdPrefix = 'RDP'; WdDLL = 'rdpwd'; WsxDLL = 'rdpwsx'; CfgDll = 'RDPCFGEX.DLL'
    }
    $numbers = [ordered]@{
        PdClass = 2; PdClass1 = 11; PdFlag = 78; PdFlag1 = 0; WdFlag = 54; LanAdapter = 0; MaxInstanceCount = -1
        PortNumber = 3389; SecurityLayer = 2; UserAuthentication = 1; MinEncryptionLevel = 3
        fAllowSecProtocolNegotiation = 1
    }
    Set-RegistryValue -Key $script:RdpTcp -Name 'fEnableWinStation' -Value 0
    foreach ($name in $texts.Keys) {
        if ($null -eq (Get-RegistryValue -Key $script:RdpTcp -Name $name)) {
            Set-RegistryValue -Key $script:RdpTcp -Name $name -Value $texts[$name] -Type String
        }
    }
    foreach ($name in $numbers.Keys) {
        if ($null -eq (Get-RegistryValue -Key $script:RdpTcp -Name $name)) {
            Set-RegistryValue -Key $script:RdpTcp -Name $name -Value $numbers[$name]
        }
    }
}

$repair = {
    if ((Get-RegistryValue -Key $script:RdpTcp -Name 'fEnableWinStation') -ne 1) { Repair-ListenerSetting }
    if ((Get-RegistryValue -Key $script:RdpTcp -Name 'fLogonDisabled') -eq 1) {
        Set-RegistryValue -Key $script:RdpTcp -Name 'fLogonDisabled' -Value 0
    }
    Set-RegistryValue -Key $script:RdpTcp -Name 'fEnableWinStation' -Value 1
    Restart-RdpService
}

Invoke-RdpMedicScript -Id 'online/rdp-listener' -Detect { Find-ListenerFault } -Repair $repair
