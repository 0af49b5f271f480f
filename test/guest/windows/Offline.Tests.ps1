# The scripts on a real disk: a VHD with copies of this machine's hives, broken on purpose.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'GuestDisk.psm1') -Force
    Import-Module (Join-Path $PSScriptRoot 'GuestScript.psm1') -Force
    $script:Disk = New-GuestDisk -Path (Join-Path $env:TEMP "rdp-medic-$([guid]::NewGuid()).vhdx")

    function Invoke-OnDisk {
        param([Parameter(Mandatory)] [string] $Id, [hashtable] $Parameters = @{})
        return Invoke-GuestScript -Id $Id -Parameters (@{ Scope = 'offline'; Lun = $script:Disk.Lun } + $Parameters)
    }

    function Get-SelectedSet {
        return 'ControlSet{0:d3}' -f (Get-ItemProperty -LiteralPath 'HKLM:\GuestDiskTest\Select').Current
    }

    function Set-GuestValue {
        # In the control set that is selected.
        param([string] $Key, [string] $Name, [int] $Value)
        Edit-GuestHive -Disk $script:Disk -Hive SYSTEM -Edit {
            $null = reg.exe add "HKLM\GuestDiskTest\$(Get-SelectedSet)\$Key" /v $Name /t REG_DWORD /d $Value /f
        }
    }

    function Get-Word {
        param([Parameter(Mandatory)] $Answer)
        return @($Answer.outcomes | ForEach-Object { $_.word })
    }
}

AfterAll {
    if ($script:Disk) { Remove-GuestDisk -Disk $script:Disk }
}

Describe 'a disk' {
    It 'is read, and its Windows known' {
        $answer = Invoke-OnDisk -Id 'collect'
        $answer.error | Should -BeNullOrEmpty
        $answer.facts.scope | Should -Be 'offline'
        $answer.facts.windows.build | Should -Be ([Environment]::OSVersion.Version.Build)
        @($answer.facts.installations).Count | Should -Be 1
        $answer.facts.keys.folder.state | Should -Be 'here'
        @($answer.facts.unread | ForEach-Object { "$($_.what): $($_.error.text)" }) | Should -BeNullOrEmpty
    }

    It 'is not found on another LUN' {
        $answer = Invoke-GuestScript -Id 'collect' -Parameters @{ Scope = 'offline'; Lun = '63' }
        $answer.error.code | Should -Be 'DiskNotFound'
        $answer.exitCode | Should -Be 1
    }

    It 'is mended of <Recipe>, once' -ForEach @(
        @{ Recipe = 'rdp-denied'; Key = 'Control\Terminal Server'; Name = 'fDenyTSConnections'; Value = 1 }
        @{ Recipe = 'term-service'; Key = 'Services\TermService'; Name = 'Start'; Value = 4 }
        @{ Recipe = 'rdp-listener'; Key = 'Control\Terminal Server\WinStations\RDP-Tcp'; Name = 'fEnableWinStation'; Value = 0 }
        @{ Recipe = 'rdp-security-layer'; Key = 'Control\Terminal Server\WinStations\RDP-Tcp'; Name = 'SecurityLayer'; Value = 0 }
        @{ Recipe = 'tls'; Key = 'Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server'; Name = 'Enabled'; Value = 0 }
    ) {
        Set-GuestValue -Key $Key -Name $Name -Value $Value
        $first = Invoke-OnDisk -Id 'apply' -Parameters @{ Recipe = $Recipe }
        $first.error | Should -BeNullOrEmpty
        @($first.outcomes | Where-Object { $_.error }) | Should -BeNullOrEmpty
        @(Get-Word -Answer $first | Where-Object { $_ -in 'written', 'set' }).Count | Should -BeGreaterThan 0
        $second = Invoke-OnDisk -Id 'apply' -Parameters @{ Recipe = $Recipe }
        $second.error | Should -BeNullOrEmpty
        @(Get-Word -Answer $second | Where-Object { $_ -ne 'stands' }) | Should -BeNullOrEmpty
    }

    It 'gets a firewall rule that was deleted' {
        Edit-GuestHive -Disk $script:Disk -Hive SYSTEM -Edit {
            $null = reg.exe delete "HKLM\GuestDiskTest\$(Get-SelectedSet)\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules" /v 'RemoteDesktop-UserMode-In-TCP' /f
        }
        Get-Word -Answer (Invoke-OnDisk -Id 'apply' -Parameters @{ Recipe = 'rdp-firewall' }) | Should -Contain 'set'
        $again = Invoke-OnDisk -Id 'apply' -Parameters @{ Recipe = 'rdp-firewall' }
        @(Get-Word -Answer $again | Where-Object { $_ -ne 'stands' }) | Should -BeNullOrEmpty
    }

    It 'gets its folder of keys back from whoever keeps everybody out' {
        $folder = (Open-GuestVolume -Disk $script:Disk) + '\ProgramData\Microsoft\Crypto\RSA\MachineKeys'
        $null = icacls.exe $folder /setowner '*S-1-5-20'
        $null = icacls.exe $folder /inheritance:r /grant:r '*S-1-5-20:(R)'
        $first = Invoke-OnDisk -Id 'apply' -Parameters @{ Recipe = 'machine-keys' }
        $first.error | Should -BeNullOrEmpty
        $first.outcomes[0].word | Should -Be 'repaired'
        $first.facts.keys.folder.sddl | Should -BeLike '*(A;*;FA;;;SY)*'
        (Invoke-OnDisk -Id 'apply' -Parameters @{ Recipe = 'machine-keys' }).outcomes[0].word | Should -Be 'stands'
    }

    It 'gets the serial console, once' {
        $changes = ConvertTo-Payload -Json '[{"do":"Set-SerialConsole"}]'
        $first = Invoke-OnDisk -Id 'apply' -Parameters @{ Changes = $changes }
        $first.error | Should -BeNullOrEmpty
        Get-Word -Answer $first | Should -Be @('set')
        @($first.facts.boot | Where-Object { $_.element -eq 'ems' })[0].value | Should -Be 'true'
        Get-Word -Answer (Invoke-OnDisk -Id 'apply' -Parameters @{ Changes = $changes }) | Should -Be @('stands')
    }

    It 'is left offline, no hive loaded, no letter given, nothing of the self-test' {
        (Get-Disk -Number $script:Disk.Number).IsOffline | Should -BeTrue
        foreach ($name in 'RdpMedicSystem', 'RdpMedicSoftware', 'SOFTWARE\RdpMedicSelfTest') { Test-Path -LiteralPath "HKLM:\$name" | Should -BeFalse -Because $name }
        Test-Path -LiteralPath "$env:SystemDrive\ProgramData\rdp-medic-self-test" | Should -BeFalse
        $null = Open-GuestVolume -Disk $script:Disk
        $efi = Get-Partition -DiskNumber $script:Disk.Number | Where-Object { $_.GptType -eq '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}' }
        [string]$efi.DriveLetter | Should -Not -Match '^[A-Z]$'
    }
}
