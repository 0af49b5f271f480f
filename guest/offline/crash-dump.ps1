<#
.SYNOPSIS
    Makes the Windows on an attached disk write a full memory dump when it crashes.
.DESCRIPTION
    Detects: CrashControl values other than those of the runbook: CrashDumpEnabled 1, NMICrashDump 1, DumpFile MEMORY.DMP
    in the Windows folder.
    Changes: those three values in the control sets in use. A full dump needs a page file as large as the memory.
    Needs: the disk attached on the LUN, the rights of SYSTEM or of an elevated administrator.
    Gives back: nothing but the result line.
.PARAMETER Lun
    Where the disk is attached to the rescue VM: its LUN, 0 to 63.
.EXAMPLE
    powershell.exe -File crash-dump.ps1 -Lun 0
.NOTES
    Verify: run it again; it changes nothing.
    Undo: write back the values that the result line names as "before".
#>
# rdp-medic-script: offline/crash-dump
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])$')] [string] $Lun
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '..\lib\rdp-medic.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline.ps1')
. (Join-Path $PSScriptRoot '..\lib\offline-findings.ps1')

function Test-DumpFile {
    # Read, the value comes expanded by the rescue VM: only its end can be compared.
    param([AllowNull()] [object] $Path)
    return [string]$Path -like '*\MEMORY.DMP'
}

$find = {
    foreach ($set in $Guest.ControlSets) {
        $key = "$set\Control\CrashControl"
        $isOn = (Get-RegistryValue -Key $key -Name 'CrashDumpEnabled') -eq 1 -and (Get-RegistryValue -Key $key -Name 'NMICrashDump') -eq 1 -and
            (Test-DumpFile -Path (Get-RegistryValue -Key $key -Name 'DumpFile'))
        if (-not $isOn) { Add-Finding -Code 'CrashDumpOff' -Detail 'a crash would leave no full memory dump' -Data @{ controlSet = Get-ControlSetName -Key $set } }
    }
}
$repair = {
    foreach ($set in $Guest.ControlSets) {
        $key = "$set\Control\CrashControl"
        if (-not (Test-DumpFile -Path (Get-RegistryValue -Key $key -Name 'DumpFile'))) {
            Set-RegistryValue -Key $key -Name 'DumpFile' -Value '%SystemRoot%\MEMORY.DMP' -Type ExpandString
        }
        Set-RegistryValue -Key $key -Name 'NMICrashDump' -Value 1
        Set-RegistryValue -Key $key -Name 'CrashDumpEnabled' -Value 1
    }
}

Invoke-OfflineRepair -Id 'offline/crash-dump' -Lun $Lun -Hives 'SYSTEM' -FindFaults $find -RepairFaults $repair
