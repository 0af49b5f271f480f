# Windows PowerShell itself reads every guest script: the grammar of the lint is somebody else's.

BeforeDiscovery {
    $guest = Resolve-Path -Path (Join-Path $PSScriptRoot '..\..\..\guest')
    $script:Files = @(Get-ChildItem -Path $guest -Recurse -Filter '*.ps1' | ForEach-Object {
            @{ Name = $_.FullName.Substring($guest.Path.Length + 1); Path = $_.FullName }
        })
}

Describe 'Windows PowerShell' {
    It 'is version 5.1, as on the VMs' {
        '{0}.{1}' -f $PSVersionTable.PSVersion.Major, $PSVersionTable.PSVersion.Minor | Should -Be '5.1'
    }

    It 'reads <Name>' -ForEach $script:Files {
        $errors = $null
        $null = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
    }

    It 'shows help for <Name>' -ForEach @($script:Files | Where-Object { $_.Name -notlike 'lib\*' }) {
        $help = Get-Help -Name $Path -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.description | Should -Not -BeNullOrEmpty
        $help.alertSet | Should -Not -BeNullOrEmpty
    }
}
