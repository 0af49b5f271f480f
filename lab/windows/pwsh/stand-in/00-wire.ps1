# The way to the command server and back.

$script:Client = [System.Net.Http.HttpClient]::new()
$script:Client.Timeout = [TimeSpan]::FromMinutes(2)
$script:Client.DefaultRequestHeaders.Authorization =
    [System.Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $env:RDP_MEDIC_STAND_IN_TOKEN)

function Send-ToMachine {
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Body)
    $json = ConvertTo-Json -InputObject $Body -Compress -Depth 10
    $content = [System.Net.Http.StringContent]::new($json, [System.Text.Encoding]::UTF8, 'application/json')
    $response = $script:Client.PostAsync($env:RDP_MEDIC_STAND_IN_URL, $content).GetAwaiter().GetResult()
    $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
    if (-not $response.IsSuccessStatusCode) {
        # A gap of the stand-in is no answer of Windows: no catch of the script may take it for one.
        [Console]::Error.WriteLine("stand-in: $text")
        [Environment]::Exit(70)
    }
    return ConvertFrom-Json -InputObject $text -DateKind String
}

function Send-Command {
    # Carries out a cmdlet. What Windows refuses is thrown, unless the caller wants errors to be silent.
    param(
        [Parameter(Mandatory)] [string] $Name,
        [System.Collections.IDictionary] $Bound = @{},
        [object] $ErrorPreference = 'Stop'
    )
    $arguments = @{}
    foreach ($key in $Bound.Keys) {
        if ($key -in 'ErrorAction', 'ErrorVariable', 'Verbose', 'Confirm', 'WhatIf') { continue }
        $arguments[$key.Substring(0, 1).ToLowerInvariant() + $key.Substring(1)] = ConvertTo-Wire $Bound[$key]
    }
    $answer = Send-ToMachine @{ command = $Name; arguments = $arguments }
    if ($null -ne $answer.PSObject.Properties['error']) {
        if ([string]$ErrorPreference -in 'SilentlyContinue', 'Ignore') { return }
        throw (New-WindowsException -Failure $answer.error)
    }
    if ($null -ne $answer.output) { ConvertFrom-Wire $answer.output }
}

function Send-CdxmlCommand {
    # A command of a module made from WMI classes: it does not see the script's $ErrorActionPreference, so that only
    # -ErrorAction Stop in the call itself makes its error one that ends something.
    param(
        [Parameter(Mandatory)] [string] $Name,
        [System.Collections.IDictionary] $Bound = @{},
        [Parameter(Mandatory)] [object] $ErrorPreference
    )
    try { Send-Command -Name $Name -Bound $Bound -ErrorPreference $ErrorPreference }
    catch {
        if ([string]$ErrorPreference -eq 'Stop') { throw }
        Write-Error -Exception $_.Exception -Category NotSpecified -ErrorId "$Name" -ErrorAction Continue
    }
}

function Send-Program {
    # Carries out a program: its lines are the output, its exit code is the caller's $LASTEXITCODE.
    # Answers are what was piped to it; without any it asks nobody.
    param([Parameter(Mandatory)] [string] $Name, [AllowEmptyCollection()] [object[]] $Arguments, [AllowEmptyCollection()] [object[]] $Answers = @())
    $answer = Send-ToMachine @{
        program = $Name
        arguments = @($Arguments | ForEach-Object { [string]$_ })
        answers = @($Answers | ForEach-Object { [string]$_ })
    }
    if ($null -ne $answer.PSObject.Properties['missing']) { throw [System.Management.Automation.CommandNotFoundException]::new([string]$answer.missing) }
    if ($null -ne $answer.PSObject.Properties['error']) { throw (New-WindowsException -Failure $answer.error) }
    $global:LASTEXITCODE = [int]$answer.exitCode
    $answer.lines
}

function New-WindowsException {
    param([Parameter(Mandatory)] [object] $Failure)
    $code = [long]$Failure.code
    if ($code -gt [int]::MaxValue) { $code -= 4294967296 }
    return [System.ComponentModel.Win32Exception]::new([int]$code, [string]$Failure.message)
}

function ConvertTo-Wire {
    param([AllowNull()] [object] $Value)
    if ($Value -is [System.Management.Automation.SwitchParameter]) { return [bool]$Value }
    if ($Value -is [DateTime]) { return $Value.ToUniversalTime().ToString('o') }
    if ($Value -is [System.Collections.IDictionary]) {
        $copy = @{}
        foreach ($key in $Value.Keys) { $copy[[string]$key] = ConvertTo-Wire $Value[$key] }
        return $copy
    }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        $copy = @{}
        foreach ($property in $Value.PSObject.Properties) {
            if ($property.MemberType -eq 'NoteProperty') { $copy[$property.Name] = ConvertTo-Wire $property.Value }
        }
        return $copy
    }
    if ($Value -is [array]) { return , @($Value | ForEach-Object { ConvertTo-Wire $_ }) }
    if ($Value -is [char]) { return [string]$Value }
    return $Value
}

function ConvertFrom-Wire {
    # Objects come as they are; only the marked values are turned into PowerShell's types.
    param([AllowNull()] [object] $Value)
    if ($Value -is [array]) {
        foreach ($item in $Value) { ConvertFrom-Wire $item }
        return
    }
    if ($Value -isnot [System.Management.Automation.PSCustomObject]) { return $Value }
    foreach ($property in $Value.PSObject.Properties) {
        if ($property.Value -is [string] -or $property.Value -is [long]) {
            switch ($property.Name) {
                '$date' { return [DateTime]::Parse($property.Value, [Globalization.CultureInfo]::InvariantCulture, 'RoundtripKind').ToLocalTime() }
                '$bytes' { return , [Convert]::FromHexString($property.Value) }
                # The registry provider gives what would be negative as UInt32.
                '$dword' { if ($property.Value -gt [int]::MaxValue) { return [uint32]$property.Value } else { return [int]$property.Value } }
                '$qword' { return [long]$property.Value }
            }
            continue
        }
        if ($property.Name -eq '$texts') { return , [string[]]@($property.Value) }
        if ($property.Value -is [System.Management.Automation.PSCustomObject]) { $property.Value = ConvertFrom-Wire $property.Value }
        elseif ($property.Value -is [array]) { $property.Value = @(ConvertFrom-Wire $property.Value) }
    }
    return $Value
}
