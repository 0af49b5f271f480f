<#
.SYNOPSIS
    Gives RDP its port back, or another one.
.DESCRIPTION
    Detects: another service, a program or a driver listening on the RDP port; a port in a reserved range.
    Changes: stops the other service (and those that need it), sets them to manual start, so that they do not come
    back before RDP at the next start of Windows, and starts TermService; if it must not be stopped, cannot be, or
    comes back, gives those services back as they were and moves RDP to another port: PortNumber, the firewall
    rules for TCP and UDP, TermService.
    Needs: SYSTEM. After a move the network security group must let the new port in, and so must a NAT rule of a
    load balancer or the port setting of Bastion, where there is one.
    Gives back: fact newPort when RDP was moved (here, or by a run that was cut off).
.PARAMETER NewPort
    Port to move to, if it comes to that. 0 (default): the first free one of 3390 to 3399, then of 33890
    to 33899.
.EXAMPLE
    powershell.exe -File rdp-port.ps1 -NewPort 0
.NOTES
    Verify: Get-NetTCPConnection -State Listen -LocalPort PORT; its OwningProcess is that of TermService.
    Undo: set PortNumber and the firewall rules back to the value named as "before", restart TermService;
    Set-Service NAME -StartupType Automatic and Start-Service NAME for what was stopped.
#>
# rdp-medic-script: online/rdp-port
[CmdletBinding()]
param(
    [ValidatePattern('^(0|[1-9][0-9]{3,4})$')] [string] $NewPort = '0'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\online.ps1')

function Test-RdpListens {
    # Services take a moment to take or to give up a port; some are started again by their supervisor.
    param([Parameter(Mandatory)] [int] $Port)
    Start-Sleep -Seconds 5
    $owners = @(Get-PortOwner -Port $Port)
    return $owners.Count -gt 0 -and @($owners | Where-Object { -not $_.IsRdp }).Count -eq 0
}

# What gave way to RDP, with its start mode before: given back when RDP moves all the same.
$script:GaveWay = [ordered]@{}

function Stop-PortOwner {
    # Whether the port was given up.
    param([Parameter(Mandatory)] [int] $Port)
    foreach ($owner in @(Get-PortOwner -Port $Port | Where-Object { -not $_.IsRdp })) {
        if (-not $owner.CanStop) { return $false }
        foreach ($name in $owner.Names) {
            try { Stop-ServiceForGood -Name $name }
            catch {
                Write-Information "$name does not stop: $($_.Exception.Message)"
                return $false
            }
        }
    }
    return $true
}

function Stop-ServiceForGood {
    # The start type first: cut off in between, the port is still seen as taken. Those that need the service stop
    # with it, and an automatic one among them would start it again.
    param([Parameter(Mandatory)] [string] $Name)
    $dependents = @((Get-Service -Name $Name).DependentServices | Where-Object { $_.Status -eq 'Running' } | ForEach-Object { [string]$_.Name })
    foreach ($one in $dependents + $Name) {
        $script:GaveWay[$one] = (Get-ServiceInfo -Name $one).StartMode
        if ($script:GaveWay[$one] -ne 'Auto') { continue }
        Set-Service -Name $one -StartupType Manual
        Add-Action -What 'set service start type' -Target $one -Before 'Automatic' -After 'Manual'
    }
    Stop-Service -Name $Name -Force
    foreach ($one in $dependents + $Name) { Add-Action -What 'stop service' -Target $one -Before 'Running' -After 'Stopped' }
}

function Restore-PortOwner {
    foreach ($name in $script:GaveWay.Keys) {
        if ($script:GaveWay[$name] -eq 'Auto' -and (Get-ServiceInfo -Name $name).StartMode -ne 'Auto') {
            Set-Service -Name $name -StartupType Automatic
            Add-Action -What 'set service start type' -Target $name -Before 'Manual' -After 'Automatic'
        }
        Start-ServiceIfStopped -Name $name
    }
}

function Select-FreePort {
    # Two ranges: Hyper-V reserves blocks of a hundred ports at a time.
    $candidates = if ($NewPort -eq '0') { @(3390..3399) + @(33890..33899) } else { @([int]$NewPort) }
    foreach ($candidate in $candidates) {
        $isTaken = @(Get-NetTCPConnection -State Listen -LocalPort $candidate -ErrorAction SilentlyContinue).Count -gt 0
        if ($candidate -le 65535 -and -not $isTaken -and -not (Test-PortExcluded -Port $candidate)) { return $candidate }
    }
    throw "NoFreePort: no free port from $($candidates[0]) to $($candidates[-1])"
}

function Move-RdpPort {
    $port = Select-FreePort
    # The firewall first: killed in between, a rerun still finds the old port taken and moves on.
    foreach ($name in 'RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP') {
        $rule = Get-NetFirewallRule -Name $name -ErrorAction SilentlyContinue | Select-Object -First 1
        if ($null -eq $rule) { continue }
        $before = @((Get-NetFirewallPortFilter -AssociatedNetFirewallRule $rule).LocalPort | ForEach-Object { [string]$_ }) -join ','
        Set-NetFirewallRule -Name $name -LocalPort $port
        Add-Action -What 'set firewall rule port' -Target $name -Before $before -After $port
    }
    Set-RegistryValue -Key $script:RdpTcp -Name 'PortNumber' -Value $port
    Restart-RdpService
    Set-Fact -Name 'newPort' -Value $port
}

$repair = {
    $port = Get-RdpPort
    if (-not (Test-PortExcluded -Port $port) -and (Stop-PortOwner -Port $port)) {
        Restart-RdpService
        if (Test-RdpListens -Port $port) {
            # A run before this one was cut off after it had moved the port.
            if ($port -ne 3389 -and $script:Actions.Count -eq 1) { Set-Fact -Name 'newPort' -Value $port }
            return
        }
    }
    Move-RdpPort
    Restore-PortOwner
    if (-not (Test-RdpListens -Port (Get-RdpPort))) {
        Add-Finding -Cause 'rdp-port' -Code 'PortNotServed' -Detail 'RDP was moved but does not listen on the new port' -Data @{ port = Get-RdpPort }
    }
}

Invoke-RdpMedicScript -Id 'online/rdp-port' -Detect { Find-PortFault } -Repair $repair
