<#
.SYNOPSIS
    Says what this Windows is, or the one on an attached disk, as far as RDP is concerned. Changes nothing.
.DESCRIPTION
    Detects: nothing; it reads. What the facts mean is for whoever reads them (shared/causes).
    Changes: nothing on a running Windows. An attached disk comes online, letters given are taken back, hives are loaded
    and unloaded, and it is offline at the end.
    Needs: SYSTEM, or an elevated administrator.
    Gives back: one answer in the last line of the output (shared/model/guest-answer.ts): facts, or an error. Whatever could
    not be read says why.
.PARAMETER Nonce
    A run's own number, 32 hex digits: by it the answer is known. By hand zeros will do.
.PARAMETER Scope
    online: this Windows. offline: the one on the disk at -Lun.
.PARAMETER Lun
    Where the disk is attached: its LUN, 0 to 63.
.PARAMETER Copy
    rehearsal: the disk at -Lun is a copy to rehearse on. It is marked, and without this word no marked disk is touched.
.PARAMETER Text
    yes: the facts in words too, before the answer. only: nothing else. no: the answer alone.
.EXAMPLE
    powershell.exe -File collect.ps1 -Text only
.NOTES
    Verify: run it twice, it says the same.
    Undo: nothing to undo.
#>
# rdp-medic-script: collect
[CmdletBinding()]
param(
    [ValidatePattern('^[0-9a-f]{32}$')] [string] $Nonce = '00000000000000000000000000000000',
    [ValidateSet('online', 'offline')] [string] $Scope = 'online',
    [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])?$')] [string] $Lun = '',
    [ValidateSet('', 'rehearsal')] [string] $Copy = '',
    [ValidateSet('yes', 'no', 'only')] [string] $Text = 'yes'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib\codec.ps1')
. (Join-Path $PSScriptRoot 'lib\certificate-blob.ps1')
. (Join-Path $PSScriptRoot 'lib\seam.ps1')
. (Join-Path $PSScriptRoot 'lib\seam-live.ps1')
. (Join-Path $PSScriptRoot 'lib\text.ps1')
. (Join-Path $PSScriptRoot 'lib\answer.ps1')
. (Join-Path $PSScriptRoot 'lib\query.ps1')
. (Join-Path $PSScriptRoot 'lib\boot-store.ps1')
. (Join-Path $PSScriptRoot 'lib\self-test.ps1')
. (Join-Path $PSScriptRoot 'lib\disk-session.ps1')
. (Join-Path $PSScriptRoot 'lib\disk-volumes.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\values.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\windows.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\registry.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\services.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\listeners.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\certificates.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\keys.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\firewall.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\events.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\policies.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\boot.ps1')
. (Join-Path $PSScriptRoot 'lib\facts\all.ps1')

Invoke-Answer -Script 'collect' -Nonce $Nonce -Text $Text -Work {
    if ($Scope -eq 'online') { $script:Answer.facts = Read-Facts -Windows (Get-RunningWindows) }
    elseif ($Lun -eq '') { throw 'ParameterInvalid: an offline run needs the LUN' }
    else {
        Invoke-DiskSession -Lun $Lun -Copy $Copy -Work {
            param($Windows)
            $script:Answer.facts = Read-Facts -Windows $Windows
        }
    }
}
