# The lines that never run in the lab: every function of the seam, on this machine. The registry key and the folder are
# scratch, and go at the end.

BeforeAll {
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $guest = Resolve-Path -Path (Join-Path $PSScriptRoot '..\..\..\guest\lib')
    foreach ($name in 'codec', 'seam', 'seam-live', 'disk-session', 'self-test') { . (Join-Path $guest "$name.ps1") }
    $script:Key = 'SOFTWARE\RdpMedicSeamTest'
    $script:Folder = "$env:SystemDrive\ProgramData\rdp-medic-seam-test"

    function Get-CodeOf {
        # What Windows refused with; 0 where it did not.
        param([Parameter(Mandatory)] [scriptblock] $Act)
        try { $null = & $Act } catch { return Get-ErrorCode -Failure $_ }
        return 0
    }
}

AfterAll {
    Remove-RegistryKey -Path $script:Key
    foreach ($path in "$script:Folder\one", "$script:Folder\two", $script:Folder) { Remove-Entry -Path $path }
}

Describe 'the self-test of a rescue VM' {
    It 'is passed, twice, and leaves nothing' {
        { Test-Seam } | Should -Not -Throw
        { Test-Seam } | Should -Not -Throw
        Read-RegistryKey -Path 'SOFTWARE\RdpMedicSelfTest' | Should -BeNullOrEmpty
        Read-EntryKind -Path "$env:SystemDrive\ProgramData\rdp-medic-self-test" | Should -Be 'none'
    }
}

Describe 'the registry' {
    It 'gives back <Kind> as it was written' -ForEach @(
        @{ Kind = 'DWord'; Data = [long]4294967295 }
        @{ Kind = 'QWord'; Data = '18446744073709551615' }
        @{ Kind = 'String'; Data = '' }
        @{ Kind = 'ExpandString'; Data = '%SystemRoot%\one' }
        @{ Kind = 'MultiString'; Data = @('one', 'two') }
        @{ Kind = 'MultiString'; Data = @() }
        @{ Kind = 'Binary'; Data = '00ff10' }
        @{ Kind = 'Binary'; Data = '' }
    ) {
        Write-RegistryValue -Path "$script:Key\Below" -Name 'one' -Kind $Kind -Data $Data
        $found = @((Read-RegistryKey -Path "$script:Key\Below" -Names 'one').Values)
        $found.Count | Should -Be 1
        $found[0].Kind | Should -Be $Kind
        @($found[0].Data) -join ',' | Should -BeExactly (@($Data) -join ',')
    }

    It 'says that a number of three bytes is malformed, and still gives its neighbours' {
        $file = [IO.Path]::GetTempFileName()
        [IO.File]::WriteAllLines($file, @('Windows Registry Editor Version 5.00', '', "[HKEY_LOCAL_MACHINE\$script:Key]", '"three"=hex(4):01,02,03', '"four"=dword:00000001'))
        # It says in its errors that all went well.
        $null = cmd.exe /d /c "reg.exe import `"$file`" 2>nul"
        [IO.File]::Delete($file)
        $values = @((Read-RegistryKey -Path $script:Key -Names 'three', 'four').Values | Sort-Object -Property Name)
        $values[0].Data | Should -Be 1
        $values[1].Kind | Should -Be 'Malformed'
        $values[1].Data | Should -Be '010203'
    }

    It 'has keys below, and nothing where there is nothing' {
        (Read-RegistryKey -Path $script:Key -Names '-').Subkeys | Should -Contain 'Below'
        Read-RegistryKey -Path "$script:Key\Nowhere" | Should -BeNullOrEmpty
        Get-CodeOf { Remove-RegistryValue -Path "$script:Key\Nowhere" -Name 'one' } | Should -Be 0
        Get-CodeOf { Remove-RegistryKey -Path "$script:Key\Nowhere" } | Should -Be 0
    }

    It 'takes away a value, and a key with all below it' {
        Remove-RegistryValue -Path "$script:Key\Below" -Name 'one'
        @((Read-RegistryKey -Path "$script:Key\Below").Values).Count | Should -Be 0
        Remove-RegistryKey -Path $script:Key
        Read-RegistryKey -Path $script:Key | Should -BeNullOrEmpty
    }
}

Describe 'files' {
    BeforeEach {
        foreach ($path in "$script:Folder\one", "$script:Folder\two") { Remove-Entry -Path $path }
        New-Folder -Path $script:Folder
        Copy-Entry -From "$env:SystemRoot\System32\drivers\etc\hosts" -To "$script:Folder\one"
    }

    It 'are copied, moved, counted, measured and deleted' {
        Read-FileCount -Path $script:Folder | Should -Be 1
        Read-FileLength -Path "$script:Folder\one" | Should -Be (Get-Item -LiteralPath "$env:SystemRoot\System32\drivers\etc\hosts").Length
        Move-Entry -From "$script:Folder\one" -To "$script:Folder\two"
        Read-EntryKind -Path "$script:Folder\one" | Should -Be 'none'
        Read-EntryKind -Path "$script:Folder\two" | Should -Be 'file'
        Read-EntryKind -Path $script:Folder | Should -Be 'folder'
        Get-CodeOf { Remove-Entry -Path $script:Folder } | Should -Be 145
        Get-CodeOf { Read-FileLength -Path "$script:Folder\one" } | Should -Be 2
        Get-CodeOf { Read-Descriptor -Path "$script:Folder\one" } | Should -Be 2
        Get-CodeOf { Read-Descriptor -Path "$script:Folder\none\one" } | Should -Be 3
    }

    It 'that let nobody in but another account are opened by their owner' {
        # The fault that is mended: not even SYSTEM and Administrators may look.
        $path = "$script:Folder\one"
        Write-Descriptor -Path $path -Sddl 'D:PAI(A;;FR;;;NS)'
        Write-Owner -Path $path -Sid 'S-1-5-20'
        # A privilege that is on by now may let us look all the same.
        Get-CodeOf { Read-Descriptor -Path $path } | Should -BeIn 0, 5
        Write-Owner -Path $path -Sid 'S-1-5-32-544'
        (Read-Descriptor -Path $path).Owner | Should -Be 'S-1-5-32-544'
        Write-Descriptor -Path $path -Sddl 'D:PAI(A;;FA;;;BA)(A;;FA;;;SY)(A;;FR;;;NS)'
        (Read-Descriptor -Path $path).Sddl | Should -BeLike 'D:P*(A;;FR;;;NS)*'
    }

    It 'take entries from above again' {
        $before = (Read-Descriptor -Path "$script:Folder\one").Sddl
        Write-Descriptor -Path "$script:Folder\one" -Sddl 'D:PAI(A;;FA;;;BA)'
        Write-Descriptor -Path "$script:Folder\one" -Sddl $before
        Get-OwnEntry -Sddl (Read-Descriptor -Path "$script:Folder\one").Sddl | Should -Be (Get-OwnEntry -Sddl $before)
    }
}

Describe 'a Windows that runs' {
    It 'tells space, versions, its processes and this one' {
        (Read-Space -Root "$env:SystemDrive\").Size | Should -BeGreaterThan 1GB
        Get-CodeOf { Read-Space -Root '?:\' } | Should -Not -Be 0
        Read-FileVersion -Path "$env:SystemRoot\System32\ntdll.dll" | Should -Match '^\d+\.\d+'
        Read-ProcessStart -Id $PID | Should -BeOfType [DateTime]
        Read-ProcessStart -Id 0x7ffffff0 | Should -BeNullOrEmpty
        (Read-Surroundings).Is64Bit | Should -BeTrue
        (Read-KeyOpens).Opens | Should -BeIn 'yes', 'no', 'unknown'
    }

    It 'says where a handshake ends that nobody answers' {
        (Read-Handshake -Port 1).Stage | Should -Be 'connect'
    }

    It 'ends a process with those it started' {
        $process = Start-Process -FilePath 'cmd.exe' -ArgumentList '/c ping.exe -n 60 127.0.0.1' -WindowStyle Hidden -PassThru
        Start-Sleep -Seconds 2
        Stop-ProcessTree -Id $process.Id
        Start-Sleep -Seconds 1
        @(Get-CimInstance -ClassName Win32_Process | Where-Object { $_.ParentProcessId -eq $process.Id }).Count | Should -Be 0
        Get-Process -Id $process.Id -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'runs diskpart.exe, and says how it ended' {
        Invoke-DiskPart -Lines 'list disk' | Should -Be 0
        Invoke-DiskPart -Lines 'select disk 9999', 'detail disk' | Should -Not -Be 0
    }
}
