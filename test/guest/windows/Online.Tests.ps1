# The scripts on this machine's own Windows, as SYSTEM: what they say of it, and a cure that is taken back again.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'GuestScript.psm1') -Force
    $script:Answer = Invoke-GuestScript -Id 'collect' -Parameters @{ Scope = 'online' }
    $script:Server = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server'

    function Get-Denied { return (Get-ItemProperty -LiteralPath $script:Server).fDenyTSConnections }
}

Describe 'collect.ps1' {
    It 'answers, within its time' {
        $script:Answer.error | Should -BeNullOrEmpty
        $script:Answer.exitCode | Should -Be 0
        $script:Answer.script | Should -Be 'collect'
        $script:Answer.seconds | Should -BeLessThan 300
    }

    It 'could read everything but what this machine may not have' {
        # No instance metadata, no resultant set of policy.
        @($script:Answer.facts.unread | Where-Object { $_.what -ne 'clock' } | ForEach-Object { "$($_.what): $($_.error.text)" }) | Should -BeNullOrEmpty
        foreach ($list in 'services', 'listeners', 'reservedPorts', 'rdpCertificates', 'firewallRules', 'events', 'failedLogons') {
            $script:Answer.facts.$list.error | Should -BeNullOrEmpty -Because $list
        }
        @($script:Answer.facts.registry | Where-Object { $_.state -eq 'unread' }) | Should -BeNullOrEmpty
    }

    It 'says which Windows it is' {
        $windows = $script:Answer.facts.windows
        $windows.build | Should -Be ([Environment]::OSVersion.Version.Build)
        $windows.computer | Should -Be $env:COMPUTERNAME
        $windows.powerShell | Should -Match '^5\.1'
        $windows.language | Should -Match '^[a-z]{2,3}-'
        $windows.machineGuid | Should -Be (Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Cryptography').MachineGuid
    }

    It 'reads the registry as it is' {
        $key = @($script:Answer.facts.registry | Where-Object { $_.path -eq 'Control\Terminal Server' })
        $key.Count | Should -Be 1
        @($key[0].values | Where-Object { $_.name -eq 'fDenyTSConnections' })[0].data | Should -Be (Get-Denied)
    }

    It 'knows services, rules and who may do what with keys' {
        @($script:Answer.facts.services.items | ForEach-Object { $_.name }) | Should -Contain 'TermService'
        @($script:Answer.facts.firewallRules.items | ForEach-Object { $_.name }) | Should -Contain 'RemoteDesktop-UserMode-In-TCP'
        $script:Answer.facts.keys.folder.state | Should -Be 'here'
        $script:Answer.facts.keys.folder.sddl | Should -BeLike 'D:*'
        [long]$script:Answer.facts.space.size | Should -BeGreaterThan 1GB
        @($script:Answer.facts.boot | ForEach-Object { $_.element }) | Should -Contain 'ems'
    }

    It 'says the same twice' {
        $again = Invoke-GuestScript -Id 'collect' -Parameters @{ Scope = 'online' }
        ConvertTo-Json -InputObject $again.facts.registry -Depth 8 -Compress | Should -BeExactly (ConvertTo-Json -InputObject $script:Answer.facts.registry -Depth 8 -Compress)
    }
}

Describe 'apply.ps1' {
    BeforeAll {
        $script:Before = Get-Denied
        $script:Nonce = [guid]::NewGuid().ToString('N')
        Set-ItemProperty -LiteralPath $script:Server -Name 'fDenyTSConnections' -Value 1 -Type DWord
    }

    AfterAll { Set-ItemProperty -LiteralPath $script:Server -Name 'fDenyTSConnections' -Value $script:Before -Type DWord }

    It 'carries a cure out, and finds nothing to do the second time' {
        $first = Invoke-GuestScript -Id 'apply' -Parameters @{ Scope = 'online'; Recipe = 'rdp-denied'; Nonce = $script:Nonce }
        $first.error | Should -BeNullOrEmpty
        $first.outcomes[0].word | Should -Be 'written'
        Get-Denied | Should -Be 0
        $second = Invoke-GuestScript -Id 'apply' -Parameters @{ Scope = 'online'; Recipe = 'rdp-denied' }
        $second.outcomes[0].word | Should -Be 'stands'
    }

    It 'takes it back' {
        $undo = Invoke-GuestScript -Id 'apply' -Parameters @{ Scope = 'online'; Undo = $script:Nonce } -Minutes 15
        $undo.error | Should -BeNullOrEmpty
        @($undo.outcomes | Where-Object { $_.word -eq 'undone' }).Count | Should -Be 1
        Get-Denied | Should -Be 1
        Test-Path -LiteralPath "HKLM:\SOFTWARE\RDP Medic\Journal\$script:Nonce" | Should -BeFalse
    }

    It 'refuses changes that are none of ours, before anything is written' {
        $json = '[{"do":"registry","hive":"software","set":"","path":"Microsoft\\Windows\\CurrentVersion\\Run","name":"x","before":null,"after":{"kind":"String","data":"x"}}]'
        $answer = Invoke-GuestScript -Id 'apply' -Parameters @{ Scope = 'online'; Changes = (ConvertTo-Payload -Json $json) }
        $answer.error.code | Should -Be 'ChangeNotAllowed'
        $answer.exitCode | Should -Be 1
    }
}
