<#
.SYNOPSIS
    Carries changes out on this Windows, or on the one of an attached disk, and says how each ended and what Windows is then.
.DESCRIPTION
    Detects: nothing; what is to be changed comes as data, from facts judged elsewhere (shared/causes).
    Changes: what the changes say, each only within what is constant here (lib/allowed.ps1, lib/allow.ps1); everything else is
    refused before anything is written. A value is written only where it is as it was when it was judged. On a running Windows
    each write stands in a journal before it is made, with what it takes to take it back.
    Needs: SYSTEM, or an elevated administrator.
    Gives back: one answer in the last line of the output (shared/model/guest-answer.ts): an outcome a change, and the facts
    afterwards. A change that fails does not end the run.
.PARAMETER Nonce
    A run's own number, 32 hex digits: by it the answer is known, and its journal. By hand zeros will do.
.PARAMETER Scope
    online: this Windows. offline: the one on the disk at -Lun.
.PARAMETER Lun
    Where the disk is attached: its LUN, 0 to 63.
.PARAMETER Copy
    rehearsal: the disk at -Lun is a copy to rehearse on. It is marked, and without this word no marked disk is touched.
.PARAMETER Text
    yes: outcomes and facts in words too, before the answer. only: nothing else. no: the answer alone.
.PARAMETER Changes
    The changes: base64 of gzip of JSON (shared/model/change.ts).
.PARAMETER Undo
    Instead of changes: the number of an earlier run, whose journal is taken back. Online only.
.PARAMETER Recipe
    Instead of changes, by hand: the id of a cause with a fixed cure, such as tls.
.PARAMETER LookFirst
    yes: Windows is also looked at before the changes, and the answer tells of each part that they changed what it was. Offline only.
.PARAMETER Tested
    yes: the self-test, which comes before a disk is touched, was passed on this machine before.
.EXAMPLE
    powershell.exe -File apply.ps1 -Recipe tls -Text only
.NOTES
    Verify: run it twice, the second time it changes nothing.
    Undo: powershell.exe -File apply.ps1 -Undo 00000000000000000000000000000000 -Text only
#>
# rdp-medic-script: apply
[CmdletBinding()]
param(
    [ValidatePattern('^[0-9a-f]{32}$')] [string] $Nonce = '00000000000000000000000000000000',
    [ValidateSet('online', 'offline')] [string] $Scope = 'online',
    [ValidatePattern('^([0-9]|[1-5][0-9]|6[0-3])?$')] [string] $Lun = '',
    [ValidateSet('', 'rehearsal')] [string] $Copy = '',
    [ValidateSet('yes', 'no', 'only')] [string] $Text = 'yes',
    [ValidatePattern('^[A-Za-z0-9+/=]{0,5600}$')] [string] $Changes = '',
    [ValidatePattern('^([0-9a-f]{32})?$')] [string] $Undo = '',
    [ValidatePattern('^[a-z0-9-]{0,64}$')] [string] $Recipe = '',
    [ValidateSet('yes', 'no')] [string] $LookFirst = 'no',
    [ValidateSet('yes', 'no')] [string] $Tested = 'no'
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
. (Join-Path $PSScriptRoot 'lib\allowed.ps1')
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
. (Join-Path $PSScriptRoot 'lib\run.ps1')
. (Join-Path $PSScriptRoot 'lib\registry-values.ps1')
. (Join-Path $PSScriptRoot 'lib\allow.ps1')
. (Join-Path $PSScriptRoot 'lib\journal.ps1')
. (Join-Path $PSScriptRoot 'lib\plain.ps1')
. (Join-Path $PSScriptRoot 'lib\services.ps1')
. (Join-Path $PSScriptRoot 'lib\ports.ps1')
. (Join-Path $PSScriptRoot 'lib\rules.ps1')
. (Join-Path $PSScriptRoot 'lib\access.ps1')
. (Join-Path $PSScriptRoot 'lib\undo.ps1')
. (Join-Path $PSScriptRoot 'lib\verbs\take-port.ps1')
. (Join-Path $PSScriptRoot 'lib\verbs\restart-rdp-services.ps1')
. (Join-Path $PSScriptRoot 'lib\verbs\set-service-start.ps1')
. (Join-Path $PSScriptRoot 'lib\verbs\set-firewall-rule.ps1')
. (Join-Path $PSScriptRoot 'lib\verbs\repair-key-access.ps1')
. (Join-Path $PSScriptRoot 'lib\verbs\renew-certificate.ps1')
. (Join-Path $PSScriptRoot 'lib\verbs\refresh-policy.ps1')
. (Join-Path $PSScriptRoot 'lib\verbs\set-serial-console.ps1')
. (Join-Path $PSScriptRoot 'lib\task.ps1')

Invoke-Answer -Script 'apply' -Nonce $Nonce -Text $Text -Work {
    if ($Scope -eq 'offline' -and $Lun -eq '') { throw 'ParameterInvalid: an offline run needs the LUN' }
    $task = Get-Task -Changes $Changes -Undo $Undo -Recipe $Recipe -Scope $Scope -LookFirst ($LookFirst -eq 'yes')
    $script:Answer.hash = $task.Hash
    if ($Scope -eq 'online') { Invoke-Task -Task $task -Windows (Get-RunningWindows) }
    else {
        Invoke-DiskSession -Lun $Lun -Copy $Copy -Tested ($Tested -eq 'yes') -Work {
            param($Windows)
            Invoke-Task -Task $task -Windows $Windows
        }
    }
}
