# The settings of the listener RDP-Tcp, as a fresh Windows has them, with the recommended security.

function Repair-ListenerSetting {
    # What the listener needs to be built; everything else has a default in code. The switch is 0 first and 1 last:
    # a key that was left half written is then still seen as a listener that is off.
    param([Parameter(Mandatory)] [string] $Key)

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
    Set-RegistryValue -Key $Key -Name 'fEnableWinStation' -Value 0
    foreach ($name in $texts.Keys) {
        if ($null -eq (Get-RegistryValue -Key $Key -Name $name)) { Set-RegistryValue -Key $Key -Name $name -Value $texts[$name] -Type String }
    }
    foreach ($name in $numbers.Keys) {
        if ($null -eq (Get-RegistryValue -Key $Key -Name $name)) { Set-RegistryValue -Key $Key -Name $name -Value $numbers[$name] }
    }
}
