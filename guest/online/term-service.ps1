<#
.SYNOPSIS
    Gets the Remote Desktop services running.
.DESCRIPTION
    Detects: TermService disabled, stopped, or under another account; SessionEnv disabled (no certificate would be
    made) and UmRdpService disabled.
    Changes: start type to manual, the default of all three; the account of TermService back to Network Service;
    starts TermService.
    Needs: SYSTEM or an administrator.
    Gives back: the fault ServiceStartFailed when TermService does not start all the same.
.EXAMPLE
    powershell.exe -File term-service.ps1
.NOTES
    Verify: Get-Service TermService, SessionEnv, UmRdpService
    Undo: Set-Service -Name TermService -StartupType Disabled
#>
# rdp-medic-script: online/term-service
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\online.ps1')

$repair = {
    $service = Get-ServiceInfo -Name 'TermService'
    if ($null -eq $service) { return }
    foreach ($name in 'SessionEnv', 'UmRdpService', 'TermService') { Enable-ServiceStart -Name $name }

    if ($service.StartName -and $service.StartName -notmatch '^NT AUTHORITY\\Network ?Service$') {
        sc.exe config TermService obj= 'NT AUTHORITY\NetworkService' | Write-Information
        if ($LASTEXITCODE -ne 0) { throw "ServiceNotConfigured: sc.exe ended with $LASTEXITCODE" }
        Add-Action -What 'set service account' -Target 'TermService' -Before $service.StartName -After 'NT AUTHORITY\NetworkService'
    }
    try { Start-ServiceIfStopped -Name 'TermService' }
    catch {
        Add-Finding -Cause 'term-service' -Code 'ServiceStartFailed' -Detail $_.Exception.Message -Data @{ service = 'TermService' }
    }
}

Invoke-RdpMedicScript -Id 'online/term-service' -Detect { Find-ServiceFault } -Repair $repair
