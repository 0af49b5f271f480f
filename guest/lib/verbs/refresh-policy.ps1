# rdp-medic-lib: verbs/refresh-policy
# Refresh-Policy: gives Group Policy back to Windows and refreshes the computer's policies. refreshed, needs-restart (the service
# starts only with Windows), no-domain-controller, needs-answer (a policy waits for a restart), timed-out, refused.

$script:ServiceDisabled = 1058
$script:PolicySeconds = 240
$script:PolicyProvider = 'Microsoft-Windows-GroupPolicy'
# Events that say that no domain controller was in reach: what gpupdate prints is translated.
$script:UnreachableEvents = @(1006, 1054, 1055, 1058, 1129)

function Invoke-RefreshPolicy {
    param([Parameter(Mandatory)] $Change)
    # The services console refuses to change gpsvc; its registry value accepts SYSTEM.
    $key = "$(Get-HiveKey -Set 'CurrentControlSet')\Services\gpsvc"
    $automatic = New-RegistryData -Kind 'DWord' -Data 2
    if (-not (Test-SameData -One (Read-Standing -Key $key -Name 'Start') -Other $automatic)) { Set-JournaledValue -Key $key -Name 'Start' -After $automatic }
    $started = Start-NamedService -Name 'gpsvc'
    if ($started.Code -ne 0) {
        Add-Data -Name 'code' -Value $started.Code
        # Windows may remember "disabled" until it starts again.
        if ($started.Code -eq $script:ServiceDisabled) { return 'needs-restart' }
        throw "ServiceStartFailed: gpsvc: $($started.Text)"
    }
    Remove-Owed -Word 'group-policy'
    $since = Get-Date
    # It may ask whether to restart or to log off: the answer is no, and then its input ends.
    $lines = @('N' | gpupdate.exe /force /target:computer "/wait:$script:PolicySeconds")
    if ($LASTEXITCODE -ne 0) { return $(if (Test-Unreachable -Since $since) { 'no-domain-controller' } else { 'refused' }) }
    if (((Get-Date) - $since).TotalSeconds -ge $script:PolicySeconds) { return 'timed-out' }
    Add-Written -What 'policy' -Target 'computer' -Before $null -After 'refreshed'
    # (Y/N), in any language that has a letter for yes.
    if (@($lines | Where-Object { $_ -match '\(\w/\w\)' }).Count -gt 0) { return 'needs-answer' }
    return 'refreshed'
}

function Test-Unreachable {
    param([Parameter(Mandatory)] [DateTime] $Since)
    $filter = @{ LogName = 'System'; Id = $script:UnreachableEvents; StartTime = $Since }
    # Finding none is an error of its own.
    try { $events = @(Get-WinEvent -FilterHashtable $filter -MaxEvents 16 -ErrorAction Stop) } catch { return $false }
    return @($events | Where-Object { $_.ProviderName -eq $script:PolicyProvider }).Count -gt 0
}
