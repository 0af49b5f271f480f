# Permissions of a key file or folder, by SID: account names are translated.

function Get-OwnerSid {
    # icacls keeps no owners, so they are noted here. $null when nobody lets us look.
    param([Parameter(Mandatory)] [string] $Path)

    try { return [string](Get-Acl -LiteralPath $Path).GetOwner([System.Security.Principal.SecurityIdentifier]).Value }
    catch { return $null }
}

function Assert-ToolSucceeded {
    # The tools' text is translated, their exit code is not.
    param([Parameter(Mandatory)] [string] $Name)

    if ($LASTEXITCODE -ne 0) { throw "ToolFailed: $Name ended with $LASTEXITCODE" }
}

function Repair-Permission {
    # Ownership, the runbook's three grants, entries that deny: what cures the fault comes last, so that a run cut
    # short still finds it. One file at a time: takeown /r stops to ask.
    param([Parameter(Mandatory)] [string] $Path)

    $owner = Get-OwnerSid -Path $Path
    if ($owner -ne $script:SidAdministrators) {
        takeown.exe /f $Path /a | ForEach-Object { Write-Information $_ }
        Assert-ToolSucceeded -Name 'takeown.exe'
        Add-Action -What 'take ownership' -Target $Path -Before $owner -After $script:SidAdministrators
    }
    foreach ($grant in "*$script:SidAdministrators`:F", "*$script:SidSystem`:F", "*$script:SidNetworkService`:R") {
        icacls.exe $Path /grant $grant | ForEach-Object { Write-Information $_ }
        Assert-ToolSucceeded -Name 'icacls.exe'
        Add-Action -What 'grant access' -Target $Path -After $grant
    }
    foreach ($sid in 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-545', $script:SidSystem, $script:SidNetworkService, $script:SidAdministrators) {
        $denied = @((Get-Acl -LiteralPath $Path).GetAccessRules($true, $false, [System.Security.Principal.SecurityIdentifier]) |
                Where-Object { [string]$_.AccessControlType -eq 'Deny' -and $_.IdentityReference.Value -eq $sid })
        if ($denied.Count -eq 0) { continue }
        icacls.exe $Path /remove:d "*$sid" | ForEach-Object { Write-Information $_ }
        Assert-ToolSucceeded -Name 'icacls.exe'
        Add-Action -What 'remove deny entry' -Target $Path -Before $sid
    }
}
