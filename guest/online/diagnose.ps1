<#
.SYNOPSIS
    Tells in one run why RDP does not answer, and changes nothing.
.DESCRIPTION
    Detects: all causes that the other scripts repair (each fault names its cause), failed logons of the last 24
    hours with their sources, what Windows logged about RDP and TLS, clock skew, and how the own listener answers
    X.224 and TLS.
    Changes: nothing.
    Needs: SYSTEM.
    Gives back: facts rdpPort, rdpOwner, rdpProcess, listener, certificates, services, protocolsOff, handshake,
    osName, osBuild, language, agentVersion; full detail as text above the result line.
.EXAMPLE
    powershell.exe -File diagnose.ps1
.NOTES
    Verify: run it twice, it says the same.
    Undo: nothing to undo.
#>
# rdp-medic-script: online/diagnose
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\online.ps1')
. (Join-Path $PSScriptRoot '..\lib\keys.ps1')
. (Join-Path $PSScriptRoot '..\lib\evidence.ps1')

function Set-SystemFact {
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    Set-Fact -Name 'osName' -Value ([string]$system.Caption)
    Set-Fact -Name 'osBuild' -Value ([int]$system.BuildNumber)
    Set-Fact -Name 'language' -Value ([string]@($system.MUILanguages)[0])
    $agent = Get-ServiceInfo -Name 'WindowsAzureGuestAgent'
    if ($null -eq $agent) { return }
    try { $version = (Get-Item -LiteralPath $agent.PathName.Trim('"')).VersionInfo.ProductVersion }
    catch { return }
    Set-Fact -Name 'agentVersion' -Value ([string]$version)
    Add-Finding -Severity info -Code 'AgentVersion' -Detail 'version of the VM agent' -Data @{ version = [string]$version }
}

function Find-Handshake {
    $stage = Get-HandshakeStage -Port (Get-RdpPort)
    Set-Fact -Name 'handshake' -Value $stage
    if ($stage -eq 'done') { Add-Finding -Severity info -Code 'HandshakeHealthy' -Detail 'the own listener answers X.224 and TLS' }
    else { Add-Finding -Severity info -Code 'HandshakeFailed' -Detail 'the own listener does not come to the end of its handshake' -Data @{ stage = $stage } }
}

function Set-PortFact {
    $port = Get-RdpPort
    Set-Fact -Name 'rdpPort' -Value $port
    $owners = @(Get-PortOwner -Port $port)
    $names = @($owners | ForEach-Object { if ($_.IsRdp) { 'TermService' } else { $_.Names -join ', ' } })
    Set-Fact -Name 'rdpOwner' -Value ($names -join '; ')
    Set-Fact -Name 'rdpProcess' -Value (@($owners | ForEach-Object { $_.ProcessId }) -join ', ')
}

$detect = {
    $checks = @(
        { Set-PortFact }, { Find-PortFault }, { Find-DenyFault }, { Find-ServiceFault }, { Find-FirewallFault }, { Find-ListenerFault },
        { Find-CertificateFault }, { Find-MachineKeyFault }, { Find-TlsFault }, { Find-SecurityLayerFault },
        { Find-GroupPolicyFault }, { Find-PolicyValue }, { Find-UnfinishedRepair }, { Find-Handshake }, { Find-FailedLogon },
        { Find-LoggedError }, { Find-ClockSkew }, { Set-SettingFact }, { Set-SystemFact }
    )
    foreach ($check in $checks) {
        # On a broken Windows one thing may not even be looked at: the others still are.
        try { & $check }
        catch { Add-Finding -Severity warning -Code 'CheckFailed' -Detail $_.Exception.Message -Data @{ check = $check.ToString().Trim() } }
    }
}

Invoke-RdpMedicScript -Id 'online/diagnose' -Detect $detect
