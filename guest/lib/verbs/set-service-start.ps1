# rdp-medic-lib: verbs/set-service-start
# Set-ServiceStart: start type and, where asked, Windows' own account of a named service; online it is started where asked.
# stands, set, start-failed, missing.

# The others run as LocalSystem.
$script:AsNetworkService = @('TermService', 'CryptSvc')
$script:StartNumbers = @{ Automatic = 2; Manual = 3 }
$script:OwnProcess = 16

function Invoke-SetServiceStart {
    param([Parameter(Mandatory)] $Change)
    $key = "$(Get-HiveKey -Set $Change.set)\Services\$($Change.service)"
    if ($null -eq (Read-Standing -Key $key -Name 'Start')) { return 'missing' }
    if ($Change.account -eq 'default') { Set-ServiceAccount -Key $key -Name $Change.service }
    if ($Change.start -ne 'keep') { Set-ServiceStartNumber -Key $key -Name $Change.service -Wanted $Change.start }
    if ((Test-Online) -and $Change.run) {
        $row = Get-NamedService -Name $Change.service
        $before = $(if ($null -eq $row) { 'Stopped' } else { $row.State })
        $started = Start-NamedService -Name $Change.service
        if ($started.Code -ne 0) {
            Add-Data -Name 'code' -Value $started.Code
            Add-Data -Name 'text' -Value $started.Text
            return 'start-failed'
        }
        if ($before -ne 'Running') { Add-Written -What 'service-run' -Target $Change.service -Before $before -After 'Running' }
    }
    return $(if ($script:Run.Wrote.Count -gt 0) { 'set' } else { 'stands' })
}

function Set-ServiceStartNumber {
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Wanted)
    if (Test-Online) {
        $row = Get-NamedService -Name $Name
        if ($null -ne $row) { Set-StartType -Row $row -Wanted $Wanted }
        return
    }
    $number = $script:StartNumbers[$Wanted]
    if ((Get-NumberValue -Path $Key -Name 'Start') -ne $number) { Set-JournaledValue -Key $Key -Name 'Start' -After (New-RegistryData -Kind 'DWord' -Data $number) }
}

function Set-ServiceAccount {
    # On a disk the account last: cut short before it, a rerun still finds it.
    param([Parameter(Mandatory)] [string] $Key, [Parameter(Mandatory)] [string] $Name)
    $wanted = $(if ($script:AsNetworkService -contains $Name) { 'NT AUTHORITY\NetworkService' } else { 'LocalSystem' })
    $before = ConvertTo-DataText (Read-Standing -Key $Key -Name 'ObjectName')
    if (([string]$before).Replace(' ', '') -eq $wanted.Replace(' ', '')) { return }
    if (-not (Test-Online)) {
        if ((Get-NumberValue -Path $Key -Name 'Type') -ne $script:OwnProcess) { Set-JournaledValue -Key $Key -Name 'Type' -After (New-RegistryData -Kind 'DWord' -Data $script:OwnProcess) }
        Set-JournaledValue -Key $Key -Name 'ObjectName' -After (New-RegistryData -Kind 'String' -Data $wanted)
        return
    }
    Add-Entry -Lines 'what=service-account', "target=$Name", "before=$before", "after=$wanted"
    $null = sc.exe config $Name obj= $wanted
    if ($LASTEXITCODE -ne 0) { throw "ServiceNotConfigured: sc.exe ended with $LASTEXITCODE" }
    Add-Written -What 'service-account' -Target $Name -Before $before -After $wanted
}
