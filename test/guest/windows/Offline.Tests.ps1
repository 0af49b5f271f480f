# The offline scripts on a real disk: a VHD with copies of this machine's hives, broken on purpose.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'GuestDisk.psm1') -Force
    $script:Disk = New-GuestDisk -Path (Join-Path $env:TEMP "rdp-medic-$([guid]::NewGuid()).vhdx")

    function Set-GuestValue {
        # In the control set that is selected.
        param([string] $Key, [string] $Name, [int] $Value)
        Edit-GuestHive -Disk $script:Disk -Hive SYSTEM -Edit {
            $set = 'HKLM\GuestDiskTest\ControlSet{0:d3}' -f (Get-ItemProperty -LiteralPath 'HKLM:\GuestDiskTest\Select').Current
            $null = reg.exe add "$set\$Key" /v $Name /t REG_DWORD /d $Value /f
        }
    }
}

AfterAll {
    if ($script:Disk) { Remove-GuestDisk -Disk $script:Disk }
}

Describe 'offline repair of a disk' {
    It 'looks at it and says which Windows it is' {
        $result = Invoke-GuestScript -Id 'offline\diagnose' -Lun $script:Disk.Lun
        $result.error | Should -BeNullOrEmpty
        $result.changed | Should -BeFalse
        $result.facts.partitionStyle | Should -Be 'GPT'
        $result.facts.osBuild | Should -Be ([Environment]::OSVersion.Version.Build)
    }

    It 'mends <Cause>, and changes nothing the second time' -ForEach @(
        @{ Cause = 'rdp-denied'; Key = 'Control\Terminal Server'; Name = 'fDenyTSConnections'; Value = 1 }
        @{ Cause = 'term-service'; Key = 'Services\TermService'; Name = 'Start'; Value = 4 }
        @{ Cause = 'rdp-listener'; Key = 'Control\Terminal Server\WinStations\RDP-Tcp'; Name = 'fEnableWinStation'; Value = 0 }
        @{ Cause = 'rdp-security-layer'; Key = 'Control\Terminal Server\WinStations\RDP-Tcp'; Name = 'SecurityLayer'; Value = 0 }
        @{ Cause = 'rdp-port'; Key = 'Control\Terminal Server\WinStations\RDP-Tcp'; Name = 'PortNumber'; Value = 0 }
        @{ Cause = 'tls'; Key = 'Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server'; Name = 'Enabled'; Value = 0 }
    ) {
        Set-GuestValue -Key $Key -Name $Name -Value $Value
        $first = Invoke-GuestScript -Id "offline\$Cause" -Lun $script:Disk.Lun
        $first.error | Should -BeNullOrEmpty
        $first.changed | Should -BeTrue
        @($first.remaining).Count | Should -Be 0
        $second = Invoke-GuestScript -Id "offline\$Cause" -Lun $script:Disk.Lun
        $second.error | Should -BeNullOrEmpty
        $second.changed | Should -BeFalse
    }

    It 'switches on <Id>, and changes nothing the second time' -ForEach @(@{ Id = 'serial-console' }, @{ Id = 'crash-dump' }) {
        $first = Invoke-GuestScript -Id "offline\$Id" -Lun $script:Disk.Lun
        $first.error | Should -BeNullOrEmpty
        @($first.remaining).Count | Should -Be 0
        (Invoke-GuestScript -Id "offline\$Id" -Lun $script:Disk.Lun).changed | Should -BeFalse
    }

    It 'leaves no hive loaded and no letter on the EFI partition' {
        Test-Path -LiteralPath 'HKLM:\RdpMedicSystem' | Should -BeFalse
        Test-Path -LiteralPath 'HKLM:\RdpMedicSoftware' | Should -BeFalse
        $efi = Get-Partition -DiskNumber $script:Disk.Number | Where-Object { $_.GptType -eq '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}' }
        [int]$efi.DriveLetter | Should -Be 0
    }

    It 'releases the disk' {
        $result = Invoke-GuestScript -Id 'offline\release-disk' -Lun $script:Disk.Lun
        $result.error | Should -BeNullOrEmpty
        (Get-Disk -Number $script:Disk.Number).IsOffline | Should -BeTrue
        (Invoke-GuestScript -Id 'offline\release-disk' -Lun $script:Disk.Lun).changed | Should -BeFalse
    }
}
