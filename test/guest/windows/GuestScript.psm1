# Runs a script of guest/ as Run Command does: as SYSTEM, in a Windows PowerShell of its own, its output and its errors
# kept as they come. Needs an elevated session.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Of a task: it runs, it has not run yet, it is queued.
$script:NotDone = @(0x41301, 0x41303, 0x41325)

function Get-SentText {
    # Path of the text that is sent, which the workflow wrote; else the script itself.
    param([Parameter(Mandatory)] [string] $Id)
    if ($env:RDP_MEDIC_SENT) { return (Resolve-Path -Path (Join-Path $env:RDP_MEDIC_SENT "$Id.ps1")).Path }
    return (Resolve-Path -Path (Join-Path $PSScriptRoot "..\..\..\guest\$Id.ps1")).Path
}

function Invoke-GuestScript {
    # The answer, with the seconds it took. An empty parameter is left out: no command line of 5.1 carries it.
    param([Parameter(Mandatory)] [string] $Id, [hashtable] $Parameters = @{}, [int] $Minutes = 10)

    $all = @{ Nonce = [guid]::NewGuid().ToString('N'); Text = 'no' }
    foreach ($name in $Parameters.Keys) { $all[$name] = $Parameters[$name] }
    $given = @($all.Keys | Where-Object { $all[$_] -ne '' } | ForEach-Object { "-$_ $($all[$_])" }) -join ' '
    $base = Join-Path $env:TEMP "rdp-medic-$([guid]::NewGuid())"
    $command = "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$(Get-SentText -Id $Id)`" $given"
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $code = Invoke-AsSystem -CommandLine "$command 1> `"$base.out`" 2> `"$base.err`"" -Minutes $Minutes
    $output = @(Get-Content -LiteralPath "$base.out")
    $errors = @(Get-Content -LiteralPath "$base.err")
    Remove-Item -LiteralPath "$base.out", "$base.err" -Force -ErrorAction SilentlyContinue
    $answer = ConvertFrom-Output -Output $output -Errors $errors -Nonce $all.Nonce
    $answer | Add-Member -NotePropertyName 'exitCode' -NotePropertyValue $code
    $answer | Add-Member -NotePropertyName 'seconds' -NotePropertyValue ([int]$watch.Elapsed.TotalSeconds)
    return $answer
}

function Invoke-AsSystem {
    # Its exit code. By cmd.exe, which puts output and errors into files byte by byte.
    param([Parameter(Mandatory)] [string] $CommandLine, [Parameter(Mandatory)] [int] $Minutes)

    $name = "rdp-medic-$([guid]::NewGuid())"
    $action = New-ScheduledTaskAction -Execute 'cmd.exe' -Argument "/d /s /c `"$CommandLine`""
    $null = Register-ScheduledTask -TaskName $name -Action $action -User 'S-1-5-18' -RunLevel Highest
    try {
        Start-ScheduledTask -TaskName $name
        $deadline = (Get-Date).AddMinutes($Minutes)
        do {
            Start-Sleep -Seconds 1
            $result = (Get-ScheduledTaskInfo -TaskName $name).LastTaskResult
        } while ($result -in $script:NotDone -and (Get-Date) -lt $deadline)
        if ($result -in $script:NotDone) { throw "not done after $Minutes minutes: $CommandLine" }
        return $result
    }
    finally { Unregister-ScheduledTask -TaskName $name -Confirm:$false }
}

function ConvertFrom-Output {
    # Of one result line, put together from what Azure would keep: the last 4,096 bytes of the output and of the errors.
    param([AllowEmptyCollection()] [string[]] $Output, [AllowEmptyCollection()] [string[]] $Errors, [Parameter(Mandatory)] [string] $Nonce)

    $lines = @($Output | Where-Object { $_ -like "RDP-MEDIC-RESULT $Nonce *" })
    if ($lines.Count -ne 1) { throw "$($lines.Count) result lines: $($Output -join "`n") $($Errors -join "`n")" }
    $length = [int]$lines[0].Split(' ')[2]
    $payload = $lines[0].Split(' ')[3]
    if ($payload.Length -ne $length) { throw "the payload has $($payload.Length) characters, not $length" }
    $kept = Get-Tail -Lines $Output
    if (-not $kept.Contains("RDP-MEDIC-RESULT $Nonce ")) {
        $head = @($Errors | Where-Object { $_ -like "RDP-MEDIC-HEAD $Nonce $length *" })
        if ($head.Count -ne 1) { throw "$($head.Count) heads beside a result line of $length characters" }
        $begin = (Get-Tail -Lines $Errors).Trim().Split(' ')[-1]
        $end = $kept.TrimEnd().Substring($kept.TrimEnd().Length - ($length - $begin.Length))
        if ("$begin$end" -cne $payload) { throw 'what Azure keeps is not the whole answer' }
    }
    return ConvertFrom-Payload -Payload $payload
}

function Get-Tail {
    param([AllowEmptyCollection()] [string[]] $Lines)
    $text = (@($Lines) -join "`r`n") + "`r`n"
    return $text.Substring([Math]::Max(0, $text.Length - 4096))
}

function ConvertFrom-Payload {
    param([Parameter(Mandatory)] [string] $Payload)
    $source = New-Object System.IO.MemoryStream (, [Convert]::FromBase64String($Payload))
    $gzip = New-Object System.IO.Compression.GZipStream $source, ([IO.Compression.CompressionMode]::Decompress)
    $reader = New-Object System.IO.StreamReader $gzip, ([Text.Encoding]::UTF8)
    try { return ConvertFrom-Json -InputObject $reader.ReadToEnd() } finally { $reader.Dispose() }
}

function ConvertTo-Payload {
    # Changes as apply.ps1 takes them.
    param([Parameter(Mandatory)] [string] $Json)
    $bytes = [Text.Encoding]::UTF8.GetBytes($Json)
    $target = New-Object System.IO.MemoryStream
    $gzip = New-Object System.IO.Compression.GZipStream $target, ([IO.Compression.CompressionMode]::Compress)
    $gzip.Write($bytes, 0, $bytes.Length)
    $gzip.Dispose()
    return [Convert]::ToBase64String($target.ToArray())
}

Export-ModuleMember -Function @('Get-SentText', 'Invoke-GuestScript', 'ConvertTo-Payload')
