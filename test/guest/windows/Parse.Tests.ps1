# Windows PowerShell itself reads every guest script, and the texts that are sent: the grammar of the lint is somebody else's.

BeforeDiscovery {
    $guest = Resolve-Path -Path (Join-Path $PSScriptRoot '..\..\..\guest')
    $script:Files = @(Get-ChildItem -Path $guest -Recurse -Filter '*.ps1' | ForEach-Object {
            @{ Name = $_.FullName.Substring($guest.Path.Length + 1); Path = $_.FullName }
        })
    $script:Scripts = @($script:Files | Where-Object { $_.Name -notlike '*\*' })
    $script:Sent = @()
    if ($env:RDP_MEDIC_SENT) {
        $script:Sent = @(Get-ChildItem -Path $env:RDP_MEDIC_SENT -Filter '*.ps1' | ForEach-Object { @{ Name = "the sent $($_.Name)"; Path = $_.FullName } })
    }
}

Describe 'Windows PowerShell' {
    It 'is version 5.1, as on the VMs' {
        '{0}.{1}' -f $PSVersionTable.PSVersion.Major, $PSVersionTable.PSVersion.Minor | Should -Be '5.1'
    }

    It 'reads <Name>' -ForEach @($script:Files + $script:Sent) {
        $errors = $null
        $null = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
    }

    It 'shows help for <Name>' -ForEach $script:Scripts {
        $help = Get-Help -Name $Path -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.description | Should -Not -BeNullOrEmpty
        $help.alertSet | Should -Not -BeNullOrEmpty
    }
}
