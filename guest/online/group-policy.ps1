<#
.SYNOPSIS
    Gives Group Policy back to Windows after a repair of TLS, and sees whether a policy undoes the repair.
.DESCRIPTION
    Detects: a Group Policy service that does not start by itself; after a refresh of the policies, TLS switched
    off again.
    Changes: the start type of gpsvc to automatic, starts it, and refreshes the computer's policies.
    Needs: SYSTEM. Run it after the restart that follows online/tls.
    Gives back: the fault TlsSetByPolicy when a policy put TLS back, with the names of the Group Policy objects
    (certain: it is that one; otherwise they are those applied to this computer). It must be changed there.
.EXAMPLE
    powershell.exe -File group-policy.ps1
.NOTES
    Verify: Get-Service gpsvc; the values of online/tls are still there.
    Undo: there is nothing to undo; automatic is the default of Windows.
#>
# rdp-medic-script: online/group-policy
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\keys.ps1')

$script:GroupPolicySeverity = 'fault'
$script:Refreshed = $false

function Get-TlsPolicy {
    # A domain usually sets SCHANNEL by preferences, which RSoP does not list as registry settings: then all
    # applied objects are named, and someone has to look.
    $settings = @(Get-CimInstance -Namespace 'root\rsop\computer' -ClassName RSOP_RegistryPolicySetting -ErrorAction SilentlyContinue |
            Where-Object { $_.registryKey -like '*\SCHANNEL\Protocols\TLS 1.2\Server' } | Sort-Object precedence)
    $applied = @(Get-CimInstance -Namespace 'root\rsop\computer' -ClassName RSOP_GPO -ErrorAction SilentlyContinue)
    $named = $applied
    if ($settings.Count -gt 0) { $named = @($applied | Where-Object { $_.id -eq $settings[0].GPOID }) }
    return @{ gpo = @($named | ForEach-Object { [string]$_.name }) -join ', '; certain = $settings.Count -gt 0 }
}

$detect = {
    Find-GroupPolicyFault
    # What a policy wants is only seen when it has been applied.
    if (-not $script:Refreshed) { return }
    $before = $script:Findings.Count
    Find-TlsFault
    $new = @($script:Findings.ToArray() | Select-Object -Skip $before | Where-Object { $_.severity -eq 'fault' })
    if ($new.Count -gt 0) {
        Add-Finding -Cause 'tls' -Code 'TlsSetByPolicy' -Detail 'a Group Policy switches TLS off again; it must be changed there' -Data (Get-TlsPolicy)
    }
}
$repair = {
    # The services console refuses to change gpsvc; its registry value accepts SYSTEM.
    Set-RegistryValue -Key 'HKLM:\SYSTEM\CurrentControlSet\Services\gpsvc' -Name 'Start' -Value 2
    try { Start-ServiceIfStopped -Name 'gpsvc' }
    catch {
        # Windows may remember "disabled" until it starts again.
        Write-Information $_.Exception.Message
        Add-Finding -Cause 'tls' -Code 'GroupPolicyNeedsRestart' -Detail 'the Group Policy service starts only after a restart of the VM; run this script again then'
        Request-VmRestart
        return
    }
    gpupdate.exe /force /target:computer | ForEach-Object { Write-Information $_ }
    if ($LASTEXITCODE -ne 0) { throw "PolicyRefreshFailed: gpupdate ended with $LASTEXITCODE" }
    $script:Refreshed = $true
}

# Always: a refresh tells, even when the service itself is as it should be.
Invoke-RdpMedicScript -Id 'online/group-policy' -Detect $detect -Repair $repair -Always
