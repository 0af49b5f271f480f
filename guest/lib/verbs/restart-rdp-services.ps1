# rdp-medic-lib: verbs/restart-rdp-services
# Restart-RdpServices: SessionEnv, then TermService, which takes UmRdpService along; sessions end. stands, restarted,
# start-failed, hung, disabled. Once: another process than the facts knew was restarted since, unless a restart is owed.

function Invoke-RestartRdpServices {
    param([Parameter(Mandatory)] $Change)
    $names = @($Change.services)
    $mustAll = $script:Run.ByHand -or (Test-Owed -Word 'restart')
    $done = @()
    for ($at = 0; $at -lt $names.Count; $at++) {
        $row = Get-NamedService -Name $names[$at]
        if (-not $mustAll -and $null -ne $row -and $row.State -eq 'Running' -and $row.Id -ne $Change.pids[$at]) { $done += $names[$at] }
    }
    if ($done.Count -eq $names.Count) {
        Complete-GaveWay -Set 'CurrentControlSet'
        return 'stands'
    }
    $word = Restart-ServiceList -Names $names -Done $done
    if ($word -ne 'restarted') { return $word }
    $port = Get-ListenerPort -Set 'CurrentControlSet'
    # Without WMI nobody can tell who listens.
    try { Add-Data -Name 'listens' -Value ((Test-Port $port) -and (Wait-Served -Port $port)) } catch { $null = $_ }
    Complete-GaveWay -Set 'CurrentControlSet'
    return $word
}
