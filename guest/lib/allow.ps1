# rdp-medic-lib: allow
# What may be done at all: the values of allowed.ps1, and the arguments of the verbs. Nothing is written before every change
# has passed. It guards against our own bugs and against changed data.

$script:MostChanges = 64
$script:OnlineOnly = @('Restart-RdpServices', 'Refresh-Policy')
$script:OfflineOnly = @('Set-SerialConsole')
$script:RegistryKinds = @('DWord', 'String', 'ExpandString', 'MultiString', 'Binary')

function New-Domain {
    # Text: a pattern. Number: up to Highest. Flag: true or false. List: of Least to Most of them.
    param([string] $Text = '', [long] $Highest = -1, [switch] $Flag, [int] $Least = 0, [int] $Most = 0)
    return New-Object PSObject -Property @{ Text = $Text; Highest = $Highest; Flag = [bool]$Flag; Least = $Least; Most = $Most }
}

$script:SetDomain = New-Domain -Text '^(CurrentControlSet|ControlSet[0-9]{3})$'
$script:VerbDomains = @{
    'Take-Port' = @{ set = $script:SetDomain; port = New-Domain -Highest 4294967295; to = New-Domain -Highest 65535 }
    'Restart-RdpServices' = @{ services = New-Domain -Text '^(SessionEnv|TermService)$' -Least 1 -Most 2; pids = New-Domain -Highest 4294967295 -Least 1 -Most 2 }
    'Repair-KeyAccess' = @{ what = New-Domain -Text '^(folder|rdp-key|bound-key)$' }
    'Renew-Certificate' = @{ thumbprints = New-Domain -Text '^[0-9A-F]{1,64}$' -Most 16; others = New-Domain -Flag; keyAside = New-Domain -Flag }
    'Set-ServiceStart' = @{
        set = $script:SetDomain; service = New-Domain -Text '^(TermService|SessionEnv|UmRdpService|CertPropSvc|KeyIso|CryptSvc)$'
        start = New-Domain -Text '^(Automatic|Manual|keep)$'; account = New-Domain -Text '^(default|keep)$'; run = New-Domain -Flag
    }
    'Set-FirewallRule' = @{
        set = $script:SetDomain; rule = New-Domain -Text '^RemoteDesktop-UserMode-In-(TCP|UDP)$'; port = New-Domain -Highest 65535
        fields = New-Domain -Text '^(make|active|action|port|profile|address|off)$' -Least 1 -Most 6
    }
    'Refresh-Policy' = @{}
    'Set-SerialConsole' = @{}
}

function Get-AllowedChange {
    # The changes of the parameter's JSON, or an error that says which one is none of ours.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Json, [Parameter(Mandatory)] [string] $Scope)
    if ($Json -notmatch '^\s*\[') { throw 'ChangeNotAllowed: the changes are no list' }
    # As a property: of a list by itself PowerShell 5.1 gives one object, 7 gives each.
    try { $changes = (ConvertFrom-Json -InputObject ('{"changes":' + $Json + '}')).changes } catch { throw 'ChangeNotAllowed: the changes are no list' }
    if ($changes.Length -gt $script:MostChanges) { throw "ChangeNotAllowed: more than $script:MostChanges changes" }
    for ($at = 0; $at -lt $changes.Length; $at++) {
        if (-not (Test-Change -Change $changes[$at])) { throw "ChangeNotAllowed: change $at is none" }
        if (-not (Test-ChangeAllowed -Change $changes[$at] -Scope $Scope)) { throw "ChangeNotAllowed: change $at, $($changes[$at].do)" }
    }
    return $changes
}

function Test-Change {
    # Whether it has exactly the arguments of its kind, each within its domain.
    param([AllowNull()] [object] $Change)
    if ($Change -isnot [System.Management.Automation.PSCustomObject]) { return $false }
    $given = @{}
    foreach ($property in $Change.PSObject.Properties) { $given[$property.Name] = $property.Value }
    if (-not $given.ContainsKey('do') -or $given.do -isnot [string]) { return $false }
    $names = (@($Change.PSObject.Properties | ForEach-Object { $_.Name }) | Sort-Object) -join ' '
    if ($given.do -ceq 'registry') {
        if ($names -cne 'after before do hive name path set') { return $false }
        return @('system', 'software') -ccontains $given.hive -and (Test-ShortText $given.path) -and (Test-ShortText $given.name) -and
            $given.set -is [string] -and $given.set -cmatch '^(|CurrentControlSet|ControlSet[0-9]{3})$' -and
            (Test-RegistryData -Value $given.before) -and (Test-RegistryData -Value $given.after)
    }
    if (@($script:VerbDomains.Keys) -cnotcontains $given.do) { return $false }
    $domains = $script:VerbDomains[$given.do]
    if ($names -cne ((@(@($domains.Keys) + 'do') | Sort-Object) -join ' ')) { return $false }
    foreach ($name in @($domains.Keys)) {
        if (-not (Test-Argument -Name $name -Value $given[$name] -Domain $domains[$name])) { return $false }
    }
    # A rule for port 0 lets nobody in.
    return $given.do -cne 'Set-FirewallRule' -or $given.port -ge 1
}

function Test-ShortText {
    param([AllowNull()] [object] $Value)
    return $Value -is [string] -and $Value.Length -le 256
}

function Test-Argument {
    param([Parameter(Mandatory)] [string] $Name, [AllowNull()] [object] $Value, [Parameter(Mandatory)] $Domain)
    if ($Domain.Most -gt 0) {
        if ($Value -isnot [array] -or $Value.Length -lt $Domain.Least -or $Value.Length -gt $Domain.Most) { return $false }
        foreach ($item in $Value) { if (-not (Test-Item -Value $item -Domain $Domain)) { return $false } }
        return $true
    }
    # A Block rule is named by a hash of its name, which the guest chose.
    if ($Name -eq 'rule' -and $Value -is [System.Management.Automation.PSCustomObject]) {
        $properties = @($Value.PSObject.Properties)
        return $properties.Count -eq 1 -and $properties[0].Name -ceq 'blocks' -and $properties[0].Value -is [string] -and $properties[0].Value -cmatch '^[0-9A-F]{64}$'
    }
    return Test-Item -Value $Value -Domain $Domain
}

function Test-Item {
    param([AllowNull()] [object] $Value, [Parameter(Mandatory)] $Domain)
    if ($Domain.Flag) { return $Value -is [bool] }
    if ($Domain.Highest -ge 0) { return Test-Number -Value $Value -Highest $Domain.Highest }
    return $Value -is [string] -and $Value -cmatch $Domain.Text
}

function Test-Number {
    # Whole numbers come as several types.
    param([AllowNull()] [object] $Value, [Parameter(Mandatory)] [long] $Highest)
    return $Value -isnot [string] -and [string]$Value -match '^[0-9]{1,10}$' -and [long]$Value -le $Highest
}

function Test-RegistryData {
    param([AllowNull()] [object] $Value)
    if ($null -eq $Value) { return $true }
    if ($Value -isnot [System.Management.Automation.PSCustomObject]) { return $false }
    if ($null -eq $Value.PSObject.Properties['kind'] -or $null -eq $Value.PSObject.Properties['data']) { return $false }
    if ($script:RegistryKinds -cnotcontains $Value.kind) { return $false }
    switch -CaseSensitive ($Value.kind) {
        'DWord' { return Test-Number -Value $Value.data -Highest 4294967295 }
        'MultiString' { return $Value.data -is [array] -and @($Value.data | Where-Object { $_ -isnot [string] }).Count -eq 0 }
        'Binary' { return $Value.data -is [string] -and $Value.data -cmatch '^([0-9a-f]{2})*$' }
    }
    return $Value.data -is [string]
}

function Test-ChangeAllowed {
    # Whether it is one that may be made here.
    param([Parameter(Mandatory)] $Change, [Parameter(Mandatory)] [string] $Scope)
    $set = ''
    if ($null -ne $Change.PSObject.Properties['set']) { $set = $Change.set }
    if ($Change.do -ceq 'registry') {
        if (($set -eq '') -ne ($Change.hive -ceq 'software')) { return $false }
        if (-not (Test-WriteAllowed -Change $Change)) { return $false }
    }
    if ($Change.do -ceq 'Restart-RdpServices' -and $Change.pids.Length -ne $Change.services.Length) { return $false }
    if ($(if ($Scope -eq 'online') { $script:OfflineOnly } else { $script:OnlineOnly }) -ccontains $Change.do) { return $false }
    return $set -eq '' -or ($set -eq 'CurrentControlSet') -eq ($Scope -eq 'online')
}

function Test-WriteAllowed {
    param([Parameter(Mandatory)] $Change)
    $after = ConvertFrom-ChangeData $Change.after
    foreach ($row in @($script:AllowedWrites)) {
        if ($row.hive -cne $Change.hive -or $row.path -ne $Change.path -or $row.name -ne $Change.name) { continue }
        foreach ($allowed in $row.after) { if (Test-SameData -One (ConvertFrom-ChangeData $allowed) -Other $after) { return $true } }
    }
    return $false
}

function Get-RecipeChange {
    # The fixed cure of a cause; on a disk in each control set, without what only a running Windows can do.
    param([Parameter(Mandatory)] [string] $Id, [Parameter(Mandatory)] $Windows)
    $recipe = @(@($script:Recipes) | Where-Object { $_.id -ceq $Id })
    if ($recipe.Count -eq 0) { throw "RecipeUnknown: there is no recipe $Id; there are: $(@(@($script:Recipes) | ForEach-Object { $_.id }) -join ', ')" }
    $isOnline = $Windows.Scope -eq 'online'
    foreach ($change in @($recipe[0].changes)) {
        if ($change.do -in $(if ($isOnline) { $script:OfflineOnly } else { $script:OnlineOnly })) { continue }
        if ($isOnline -or $null -eq $change.PSObject.Properties['set'] -or $change.set -eq '') { $change; continue }
        foreach ($set in $Windows.Sets) {
            $copy = $change | Select-Object -Property *
            $copy.set = $set
            $copy
        }
    }
}
