# rdp-medic-lib: facts/registry
# The registry values of the constant query (query.ps1), of each control set that counts.

function Read-QueryFact {
    param([Parameter(Mandatory)] $Windows)
    $rows = @(foreach ($row in @($script:RegistryQuery)) {
            if ($row.hive -eq 'software') { Read-QueryRow -Row $row -Set '' -Key "$($Windows.Software)\$($row.path)" }
            else { foreach ($set in $Windows.Sets) { Read-QueryRow -Row $row -Set $set -Key "$(Get-SetKey -Windows $Windows -Set $set)\$($row.path)" } }
        })
    $script:Facts.registry = @($rows | Select-Object -First 256)
}

function Read-QueryRow {
    param([Parameter(Mandatory)] $Row, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Set, [Parameter(Mandatory)] [string] $Key)
    $fact = [ordered]@{ hive = $Row.hive; set = $Set; path = $Row.path; state = 'missing'; values = @(); error = $null }
    try {
        $found = Read-RegistryKey -Path $Key -Names @($Row.names)
        if ($null -ne $found) {
            $fact.values = @(@($found.Values) | Select-Object -First 64 | ForEach-Object { ConvertTo-ValueFact -Value $_ })
            $fact.state = 'here'
        }
    }
    catch {
        $fact.state = 'unread'
        $fact.error = New-Unread -Failure $_
    }
    return $fact
}

function ConvertTo-ValueFact {
    # One that is longer than facts may be is no longer what it was: kind Other, its beginning.
    param([Parameter(Mandatory)] $Value)
    $kind = $Value.Kind
    $data = $Value.Data
    if ($kind -eq 'MultiString') {
        $data = @(@($data) | ForEach-Object { [string]$_ })
        if ($data.Count -gt 512 -or @($data | Where-Object { $_.Length -gt 1024 }).Count -gt 0) { $kind = 'Other'; $data = '' }
    }
    elseif ($kind -eq 'DWord') { $data = [long]$data }
    elseif (([string]$data).Length -gt 8192) { $kind = 'Other'; $data = Limit-Text $data 8192 }
    else { $data = [string]$data }
    return [ordered]@{ name = [string]$Value.Name; kind = $kind; data = $data }
}
