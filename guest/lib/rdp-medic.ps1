# Shared by every guest script: the result line, registry access that records what it changes, services.
# Windows PowerShell 5.1 language; needs nothing but Windows. The service puts its text in place of the line that dot-sources it.

$script:MaxResultLength = 3500
$script:TerminalServer = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server'
$script:RdpTcp = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp'

# What people read goes to the information stream, which the host prints: a function's output stays its value.
$InformationPreference = 'Continue'

$script:Findings = New-Object System.Collections.ArrayList
$script:Actions = New-Object System.Collections.ArrayList
$script:Facts = [ordered]@{}
$script:RestartNeeded = 'none'

function Add-Finding {
    # Notes one thing seen. Only faults start a repair; a fault of diagnosis names the cause to repair.
    param(
        [Parameter(Mandatory)] [string] $Code,
        [ValidateSet('fault', 'warning', 'info')] [string] $Severity = 'fault',
        [string] $Cause = '',
        [string] $Detail = '',
        [System.Collections.IDictionary] $Data = @{}
    )
    $finding = [ordered]@{}
    if ($Cause) { $finding.cause = $Cause }
    $finding.code = $Code
    $finding.severity = $Severity
    $finding.detail = $Detail
    $finding.data = $Data
    [void]$script:Findings.Add($finding)
    Write-Information ('[{0}] {1}: {2}' -f $Severity, $Code, $Detail)
}

function Add-Action {
    # Notes one change made, after it was made.
    param(
        [Parameter(Mandatory)] [string] $What,
        [Parameter(Mandatory)] [string] $Target,
        [AllowNull()] [object] $Before = $null,
        [AllowNull()] [object] $After = $null
    )
    $action = [ordered]@{ what = $What; target = $Target }
    $action.before = ConvertTo-ValueText $Before
    $action.after = ConvertTo-ValueText $After
    [void]$script:Actions.Add($action)
    Write-Information ('[changed] {0} {1}: {2} -> {3}' -f $What, $Target, $action.before, $action.after)
}

function Set-Fact {
    # A small value for the caller, such as the port that was chosen.
    param([Parameter(Mandatory)] [string] $Name, [AllowNull()] [object] $Value)
    $script:Facts[$Name] = $Value
}

function Request-VmRestart {
    # The change counts only after a restart, which comes from outside: one from here would lose the result.
    $script:RestartNeeded = 'vm'
}

function ConvertTo-ValueText {
    param([AllowNull()] [object] $Value)
    if ($null -eq $Value) { return $null }
    if ($Value -is [byte[]]) { return (($Value | ForEach-Object { $_.ToString('x2') }) -join '') }
    if ($Value -is [array]) { return ($Value -join ',') }
    return [string]$Value
}

function Get-RegistryValue {
    # The value, or $null when it or its key is not there.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Name)
    if (-not (Test-Path -LiteralPath $Key)) { return $null }
    $values = Get-ItemProperty -LiteralPath $Key
    if ($null -eq $values) { return $null }
    $property = $values.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return , $property.Value
}

function Set-RegistryValue {
    # Writes a value unless it is there already, reads it back, records both.
    param(
        [Parameter(Mandatory)] [string] $Key,
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [AllowEmptyString()] [object] $Value,
        [ValidateSet('DWord', 'String', 'ExpandString', 'MultiString', 'Binary')] [string] $Type = 'DWord'
    )
    $before = Get-RegistryValue -Key $Key -Name $Name
    if ((ConvertTo-ValueText $before) -ceq (ConvertTo-ValueText $Value)) { return }
    # New-Item -Force would empty a key that is there.
    if (-not (Test-Path -LiteralPath $Key)) { New-Item -Path $Key -Force | Out-Null }
    New-ItemProperty -LiteralPath $Key -Name $Name -Value $Value -PropertyType $Type -Force | Out-Null
    $after = Get-RegistryValue -Key $Key -Name $Name
    Add-Action -What 'set registry value' -Target "$Key\$Name" -Before $before -After $after
    if ($Type -ne 'ExpandString' -and (ConvertTo-ValueText $after) -cne (ConvertTo-ValueText $Value)) {
        throw "$Key\$Name did not keep the value that was written"
    }
}

function Remove-RegistryValue {
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Name)
    $before = Get-RegistryValue -Key $Key -Name $Name
    if ($null -eq $before) { return }
    Remove-ItemProperty -LiteralPath $Key -Name $Name -Force
    Add-Action -What 'remove registry value' -Target "$Key\$Name" -Before $before
}

function Get-ServiceInfo {
    # Win32_Service rather than Get-Service: it alone tells process, account and start mode in one read.
    param([Parameter(Mandatory)] [string] $Name)
    return Get-CimInstance -ClassName Win32_Service | Where-Object { $_.Name -eq $Name } | Select-Object -First 1
}

function Enable-ServiceStart {
    # Takes a service out of "disabled"; the start mode it should have is the caller's to know.
    param(
        [Parameter(Mandatory)] [string] $Name,
        [ValidateSet('Manual', 'Automatic')] [string] $StartupType = 'Manual'
    )
    $service = Get-ServiceInfo -Name $Name
    if ($null -eq $service -or $service.StartMode -ne 'Disabled') { return }
    Set-Service -Name $Name -StartupType $StartupType
    Add-Action -What 'set service start type' -Target $Name -Before 'Disabled' -After $StartupType
}

function Start-ServiceIfStopped {
    param([Parameter(Mandatory)] [string] $Name)
    $service = Get-ServiceInfo -Name $Name
    if ($null -eq $service -or $service.State -eq 'Running') { return }
    Start-Service -Name $Name
    Add-Action -What 'start service' -Target $Name -Before 'Stopped' -After 'Running'
}

function Restart-ServiceNow {
    # -Force takes the dependent services along; one that was stopped is started.
    param([Parameter(Mandatory)] [string] $Name)
    $service = Get-ServiceInfo -Name $Name
    if ($null -eq $service) { return }
    if ($service.State -eq 'Running') { Restart-Service -Name $Name -Force } else { Start-Service -Name $Name }
    Add-Action -What 'restart service' -Target $Name -Before $service.State -After 'Running'
}

function Restart-RdpService {
    # TermService with UmRdpService, which depends on it. Open sessions end.
    Restart-ServiceNow -Name 'TermService'
}

function ConvertTo-ResultJson {
    # ASCII on one line: the console's code page and the last 4,096 bytes are all that survives.
    param([System.Collections.IDictionary] $Result)
    $json = ConvertTo-Json -InputObject $Result -Compress -Depth 6
    return [regex]::Replace($json, '[^\x20-\x7e]', { param($match) '\u{0:x4}' -f [int][char]$match.Value })
}

function Limit-Result {
    # Drops what is said at length, least severe and last first, until the line fits; codes are never dropped.
    param([System.Collections.IDictionary] $Result)
    foreach ($severity in 'info', 'warning', 'fault') {
        foreach ($list in $Result.findings, $Result.remaining) {
            for ($index = @($list).Count - 1; $index -ge 0; $index--) {
                if ((ConvertTo-ResultJson $Result).Length -le $script:MaxResultLength) { return }
                if ($list[$index].severity -eq $severity) {
                    $list[$index].data = @{}
                    $list[$index].detail = ''
                }
            }
        }
    }
    for ($index = @($Result.actions).Count - 1; $index -ge 0; $index--) {
        if ((ConvertTo-ResultJson $Result).Length -le $script:MaxResultLength) { return }
        $Result.actions = @($Result.actions | Select-Object -First $index)
    }
}

function Write-Result {
    param([string] $Id, [object[]] $Found, [object[]] $Remaining, [AllowNull()] [object] $Failure)
    $message = $null
    if ($null -ne $Failure) {
        $text = [string]$Failure.message
        if ($text.Length -gt 300) { $text = $text.Substring(0, 300) }
        $message = [ordered]@{ code = $Failure.code; message = $text }
    }
    $result = [ordered]@{
        schema = 1
        script = $Id
        ok = $null -eq $Failure
        changed = $script:Actions.Count -gt 0
        findings = @($Found)
        actions = $script:Actions.ToArray()
        remaining = @($Remaining)
        restart = $script:RestartNeeded
        facts = $script:Facts
        error = $message
    }
    Limit-Result -Result $result
    Write-Output ('RDP-MEDIC-RESULT ' + (ConvertTo-ResultJson -Result $result))
}

function Invoke-RdpMedicScript {
    # Detect, repair if there is a fault, detect again; prints exactly one result line whatever happens.
    # -Always repairs without a fault too (the repair then changes only what needs it). -Cleanup runs before the
    # result line on every path. A "Code: text" message of ours gives the error its code.
    param(
        [Parameter(Mandatory)] [string] $Id,
        [scriptblock] $Prepare = $null,
        [Parameter(Mandatory)] [scriptblock] $Detect,
        [scriptblock] $Repair = $null,
        [scriptblock] $Cleanup = $null,
        [switch] $Always
    )
    $found = @()
    $remaining = @()
    $failure = $null
    try {
        if (-not [Environment]::Is64BitProcess) { throw 'NotSixtyFourBit: a 32-bit PowerShell sees another registry' }
        if ($null -ne $Prepare) { & $Prepare }
        & $Detect
        $found = $script:Findings.ToArray()
        $faults = @($found | Where-Object { $_.severity -eq 'fault' })
        if ($null -ne $Repair -and ($Always -or $faults.Count -gt 0 -or (Test-Unfinished -Id $Id))) {
            $script:Findings.Clear()
            Start-Unfinished -Id $Id
            try { & $Repair } finally { Clear-Unfinished -Id $Id }
            & $Detect
            $remaining = @($script:Findings.ToArray() | Where-Object { $_.severity -eq 'fault' })
        }
    }
    catch { $failure = Get-Failure -ErrorRecord $_ }
    finally {
        try { if ($null -ne $Cleanup) { & $Cleanup } }
        catch { if ($null -eq $failure) { $failure = Get-Failure -ErrorRecord $_ } }
    }
    Write-Result -Id $Id -Found $found -Remaining $remaining -Failure $failure
    # For Azure's own record of the run; the service reads the line above.
    if ($null -ne $failure) { exit 1 }
}

# A repair online may be cut off (a restart, the time limit) between writing a setting and restarting the service
# that reads it; nothing would then show the fault. This key says so to the next run, and is gone after a whole one.
function Get-UnfinishedKey {
    param([Parameter(Mandatory)] [string] $Id)
    return 'HKLM:\SOFTWARE\RdpMedic-' + $Id.Replace('/', '-')
}

function Test-Unfinished {
    param([Parameter(Mandatory)] [string] $Id)
    return $Id -like 'online/*' -and (Test-Path -LiteralPath (Get-UnfinishedKey -Id $Id))
}

function Start-Unfinished {
    param([Parameter(Mandatory)] [string] $Id)
    if ($Id -notlike 'online/*' -or (Test-Unfinished -Id $Id)) { return }
    New-Item -Path (Get-UnfinishedKey -Id $Id) -Force | Out-Null
}

function Clear-Unfinished {
    param([Parameter(Mandatory)] [string] $Id)
    if (Test-Unfinished -Id $Id) { Remove-Item -LiteralPath (Get-UnfinishedKey -Id $Id) -Recurse -Force }
}

function Get-Failure {
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    $message = $ErrorRecord.Exception.Message
    if ($message -cmatch '^([A-Z][A-Za-z0-9]+): (.+)$') { return @{ code = $Matches[1]; message = $Matches[2] } }
    return @{ code = 'ScriptFailed'; message = $message }
}
