function Get-Acl {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath)
    $security = Send-Command 'Get-Acl' @{ Path = $Path + $LiteralPath } $ErrorActionPreference
    # Null only when errors are silent.
    if ($null -eq $security) { return }
    $acl = [pscustomobject]@{ OwnerSid = $security.owner; Rules = @($security.rules); Sddl = $security.sddl }
    $acl | Add-Member -MemberType ScriptMethod -Name SetSecurityDescriptorSddlForm -Value { param($sddl) $this.Sddl = $sddl }
    $acl | Add-Member -MemberType ScriptMethod -Name GetOwner -Value { param($type) [pscustomobject]@{ Value = $this.OwnerSid } }
    $acl | Add-Member -MemberType ScriptMethod -Name GetAccessRules -Value {
        param($includeExplicit, $includeInherited, $type)
        foreach ($rule in $this.Rules) {
            if (($rule.isInherited -and -not $includeInherited) -or (-not $rule.isInherited -and -not $includeExplicit)) { continue }
            [pscustomobject]@{
                IdentityReference = [pscustomobject]@{ Value = $rule.sid }
                FileSystemRights = $rule.rights
                AccessControlType = $rule.type
                IsInherited = $rule.isInherited
                PropagationFlags = $rule.propagation
            }
        }
    }
    return $acl
}

function Set-Acl {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path, [string] $LiteralPath, [Parameter(Mandatory, Position = 1)] [object] $AclObject)
    Send-Command 'Set-Acl' @{ Path = $Path + $LiteralPath; Sddl = $AclObject.Sddl } $ErrorActionPreference
}

function icacls.exe { Send-Program 'icacls.exe' $args }
function takeown.exe { Send-Program 'takeown.exe' $args }
