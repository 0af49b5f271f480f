<#
.SYNOPSIS
    Gives the RDP listener of the Windows on an attached disk a port it can have.
.DESCRIPTION
    Detects: a PortNumber that is no port. Who holds a port cannot be seen on a disk: when the wire said that something
    else answers there, give -NewPort, and every other PortNumber counts as a fault.
    Changes: PortNumber, and the port of the firewall rules RemoteDesktop-UserMode-In-TCP and -UDP.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator. The network security group must let the new port in, and
    so must a NAT rule of a load balancer or the port setting of Bastion, where there is one.
    Gives back: fact newPort when RDP was moved (here, or by a run that was cut off).
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.PARAMETER NewPort
    Port to move to. 0 (default): a port that is one stays, a number that is none becomes 3389.
.EXAMPLE
    powershell.exe -File rdp-port.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: offline/rdp-port
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun,
    [ValidatePattern('^(0|[1-9][0-9]{3,4})$')] [ValidateScript({ [int]$_ -le 65535 })] [string] $NewPort = '0'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')

$find = { Find-GuestPortFault -Guest $Guest -NewPort ([int]$NewPort) }
$repair = {
    $port = $(if ($NewPort -eq '0') { 3389 } else { [int]$NewPort })
    foreach ($set in $Guest.ControlSets) {
        # The rules first: cut short after them, a rerun still finds the old port and goes on.
        foreach ($name in $script:RdpFirewallRules.Keys) {
            $rule = Get-RegistryValue -Key "$set\$script:FirewallRules" -Name $name
            if ($null -eq $rule) { continue }
            Set-RegistryValue -Key "$set\$script:FirewallRules" -Name $name -Value ($rule -replace '\|LPort=[^|]*\|', "|LPort=$port|") -Type String
        }
        Set-RegistryValue -Key (Get-ListenerKey -ControlSet $set) -Name 'PortNumber' -Value $port
    }
    if ($port -ne 3389) { Set-Fact -Name 'newPort' -Value $port }
}

Invoke-OfflineRepair -Id 'offline/rdp-port' -Lun $Lun -Hives 'SYSTEM' -FindFaults $find -RepairFaults $repair
