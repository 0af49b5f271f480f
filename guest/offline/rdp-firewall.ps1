<#
.SYNOPSIS
    Lets Windows Firewall on an attached disk pass RDP.
.DESCRIPTION
    Detects: the rules RemoteDesktop-UserMode-In-TCP and -UDP off, blocking, missing, or for another port than the
    listener's; a policy rule of the same name that blocks. UDP counts as a warning: RDP works without it.
    Changes: the fields Active, Action and LPort of those rules as they are stored, and nothing else of them; a missing
    one is written anew. A policy rule is not touched.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: nothing but the result line.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File rdp-firewall.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: offline/rdp-firewall
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')

function Edit-FirewallRule {
    # The version at the start of a rule (v2.10 is read by all) and every field not meant stay as they are.
    param([AllowNull()] [string] $Rule, [Parameter(Mandatory)] [int] $Protocol, [Parameter(Mandatory)] [int] $Port)

    if (-not $Rule) {
        return "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=$Protocol|LPort=$Port|App=%SystemRoot%\system32\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|EmbedCtxt=@FirewallAPI.dll,-28752|"
    }
    return $Rule -replace '\|Active=[^|]*\|', '|Active=TRUE|' -replace '\|Action=[^|]*\|', '|Action=Allow|' -replace '\|LPort=[^|]*\|', "|LPort=$Port|"
}

$find = { Find-GuestFirewallFault -Guest $Guest }
$repair = {
    foreach ($set in $Guest.ControlSets) {
        $port = Get-GuestRdpPort -ControlSet $set
        # UDP before TCP: it is the TCP rule that makes a fault, so a rerun of a run cut short comes here again.
        foreach ($name in 'RemoteDesktop-UserMode-In-UDP', 'RemoteDesktop-UserMode-In-TCP') {
            $rule = Get-RegistryValue -Key "$set\$script:FirewallRules" -Name $name
            $right = Edit-FirewallRule -Rule $rule -Protocol $script:RdpFirewallRules[$name] -Port $port
            Set-RegistryValue -Key "$set\$script:FirewallRules" -Name $name -Value $right -Type String
        }
    }
}

Invoke-OfflineRepair -Id 'offline/rdp-firewall' -Lun $Lun -Hives 'SYSTEM', 'SOFTWARE' -FindFaults $find -RepairFaults $repair
