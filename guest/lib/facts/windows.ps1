# rdp-medic-lib: facts/windows
# Which Windows it is, its space, its clock, and what earlier runs still owe.

function Read-WindowsFact {
    param([Parameter(Mandatory)] $Windows)
    $facts = $script:Facts.windows
    $set = Get-SetKey -Windows $Windows -Set $Windows.Sets[0]
    $version = "$($Windows.Software)\Microsoft\Windows NT\CurrentVersion"
    $facts.powerShell = Limit-Text (Read-Surroundings).PowerShell 32
    Set-Part -Name 'windows.name' -Read { $facts.name = Limit-Text (Get-TextValue -Path $version -Name 'ProductName') }
    Set-Part -Name 'windows.build' -Read {
        $build = Get-TextValue -Path $version -Name 'CurrentBuildNumber'
        if ($build -match '^[0-9]{1,6}$') { $facts.build = [int]$build }
    }
    Set-Part -Name 'windows.language' -Read { $facts.language = Get-CultureName -Hex (Get-TextValue -Path "$set\Control\Nls\Language" -Name 'InstallLanguage') }
    Set-Part -Name 'windows.computer' -Read { $facts.computer = Limit-Text (Get-TextValue -Path "$set\Control\ComputerName\ComputerName" -Name 'ComputerName') 64 }
    Set-Part -Name 'windows.domain' -Read { $facts.domain = Limit-Text (Get-TextValue -Path "$set\Services\Tcpip\Parameters" -Name 'Domain') }
    Set-Part -Name 'windows.machineGuid' -Read { $facts.machineGuid = Limit-Text (Get-TextValue -Path "$($Windows.Software)\Microsoft\Cryptography" -Name 'MachineGuid') 64 }
    Set-Part -Name 'windows.updatesPending' -Read {
        $servicing = "$($Windows.Software)\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending"
        $facts.updatesPending = $null -ne (Read-RegistryKey -Path $servicing -Names '-') -or (Read-EntryKind -Path "$($Windows.Root)\Windows\WinSxS\pending.xml") -eq 'file'
    }
    if ($Windows.Scope -eq 'online') { Set-Part -Name 'windows.agent' -Read { $facts.agent = Limit-Text (Read-AgentVersion -Set $set) 64 } }
}

function Read-AgentVersion {
    # That of its program; '' where the agent is not installed.
    param([Parameter(Mandatory)] [string] $Set)
    $image = Get-TextValue -Path "$Set\Services\WindowsAzureGuestAgent" -Name 'ImagePath'
    if ($image -eq '') { return '' }
    $path = $(if ($image -match '^"([^"]+)"') { $Matches[1] } else { $image })
    return Read-FileVersion -Path $path
}

function Read-SpaceFact {
    param([Parameter(Mandatory)] $Windows)
    $space = Read-Space -Root "$($Windows.Root)\"
    $script:Facts.space = [ordered]@{ free = [string][long]$space.Free; size = [string][long]$space.Size }
}

function Read-ClockFact {
    # The host's clock is the date of an answer of the instance metadata service; no answer says nothing.
    $answer = Invoke-WebRequest -Uri 'http://169.254.169.254/metadata/versions' -Headers @{ Metadata = 'true' } -UseBasicParsing -TimeoutSec 5 -ErrorAction Stop
    $date = ConvertFrom-HttpDate -Text ([string]@($answer.Headers['Date'])[0])
    $script:Facts.clockAheadSeconds = [int]((Get-Date).ToUniversalTime() - $date).TotalSeconds
}

function Read-OwedFact {
    # Written by apply.ps1 before the first change that owes something, removed when it is done.
    param([Parameter(Mandatory)] $Windows)
    $value = Get-Value -Path "$($Windows.Software)\RDP Medic\Owed" -Name 'owed'
    if ($null -eq $value -or $value.Kind -ne 'MultiString') { return }
    $script:Facts.owed = @(@($value.Data) | Select-Object -First 32 | ForEach-Object { Limit-Text $_ })
}

function Read-InstallationFact {
    # Every Windows on the disk; only the chosen one's build is known.
    param([Parameter(Mandatory)] $Windows)
    $script:Facts.installations = @($Windows.Installations | Select-Object -First 8 | ForEach-Object {
            [ordered]@{ partition = [int]$_.Partition; build = $(if ($_.Chosen) { $script:Facts.windows.build } else { 0 }); chosen = [bool]$_.Chosen }
        })
}
