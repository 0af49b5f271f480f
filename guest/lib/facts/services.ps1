# rdp-medic-lib: facts/services
# Services as the service control manager has them; the registry tells only what the next start will bring.

$script:NamedServices = @(
    'TermService', 'SessionEnv', 'UmRdpService', 'CertPropSvc', 'KeyIso', 'CryptSvc', 'gpsvc', 'MpsSvc', 'BFE', 'RpcSs',
    'Tssdis', 'WindowsAzureGuestAgent'
)
$script:ServiceStates = @{
    'Running' = 'Running'; 'Stopped' = 'Stopped'; 'Start Pending' = 'StartPending'; 'Stop Pending' = 'StopPending'
    'Paused' = 'Paused'; 'Pause Pending' = 'PausePending'; 'Continue Pending' = 'ContinuePending'
}
$script:ServiceStarts = @{ Boot = 'Boot'; System = 'System'; Auto = 'Automatic'; Manual = 'Manual'; Disabled = 'Disabled' }

function Get-ServiceRow {
    # Win32_Service: it alone tells process, account and start mode in one read.
    return Get-CimInstance -ClassName Win32_Service -ErrorAction Stop
}

function Read-ServiceFact {
    $rows = @(Get-ServiceRow)
    foreach ($name in $script:NamedServices) {
        foreach ($row in @($rows | Where-Object { $_.Name -eq $name } | Select-Object -First 1)) { ConvertTo-ServiceFact -Row $row }
    }
}

function ConvertTo-ServiceFact {
    param([Parameter(Mandatory)] $Row)
    $state = [string]$Row.State
    $start = [string]$Row.StartMode
    $id = [int]$Row.ProcessId
    $started = $null
    if ($id -gt 0) { $started = Format-Moment -Time (Read-ProcessStart -Id $id) }
    return [ordered]@{
        name = Limit-Text $Row.Name
        state = $(if ($script:ServiceStates.ContainsKey($state)) { $script:ServiceStates[$state] } else { 'Unknown' })
        start = $(if ($script:ServiceStarts.ContainsKey($start)) { $script:ServiceStarts[$start] } else { 'Unknown' })
        pid = $id
        startedAt = $started
        account = Limit-Text $Row.StartName
    }
}
