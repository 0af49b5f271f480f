<#
.SYNOPSIS
    Lets Windows Firewall pass RDP.
.DESCRIPTION
    Detects: the rules RemoteDesktop-UserMode-In-TCP and -UDP off, blocking, missing, or for another port than the
    one RDP is set to; a policy rule of the same name that blocks.
    Changes: those rules, and nothing else of them than what is wrong. A policy rule is not touched.
    Needs: SYSTEM or an administrator.
    Gives back: nothing but the result line.
.EXAMPLE
    powershell.exe -File rdp-firewall.ps1
.NOTES
    Verify: Get-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP | Get-NetFirewallPortFilter
    Undo: Disable-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP
#>
# rdp-medic-script: online/rdp-firewall
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\online.ps1')

function Repair-RdpFirewallRule {
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Protocol)
    $port = Get-RdpPort
    $rule = Get-NetFirewallRule -Name $Name -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -eq $rule) {
        New-NetFirewallRule -Name $Name -DisplayName $Name -Group '@FirewallAPI.dll,-28752' -Direction Inbound -Action Allow -Protocol $Protocol -LocalPort $port -Program '%SystemRoot%\system32\svchost.exe' -Service 'termservice' | Out-Null
        Add-Action -What 'create firewall rule' -Target $Name -After $port
        return
    }
    if ([string]$rule.Enabled -ne 'True') {
        Set-NetFirewallRule -Name $Name -Enabled True
        Add-Action -What 'switch on firewall rule' -Target $Name -Before 'off' -After 'on'
    }
    if ([string]$rule.Action -ne 'Allow') {
        Set-NetFirewallRule -Name $Name -Action Allow
        Add-Action -What 'set firewall rule action' -Target $Name -Before ([string]$rule.Action) -After 'Allow'
    }
    $ports = @((Get-NetFirewallPortFilter -AssociatedNetFirewallRule $rule).LocalPort | ForEach-Object { [string]$_ })
    if ($ports -notcontains [string]$port -and $ports -notcontains 'Any') {
        Set-NetFirewallRule -Name $Name -LocalPort $port
        Add-Action -What 'set firewall rule port' -Target $Name -Before ($ports -join ',') -After $port
    }
}

$repair = {
    Repair-RdpFirewallRule -Name 'RemoteDesktop-UserMode-In-TCP' -Protocol 'TCP'
    Repair-RdpFirewallRule -Name 'RemoteDesktop-UserMode-In-UDP' -Protocol 'UDP'
}

Invoke-RdpMedicScript -Id 'online/rdp-firewall' -Detect { Find-FirewallFault } -Repair $repair
