function Get-CimInstance {
    [CmdletBinding()] param([string] $Namespace, [Parameter(Mandatory)] [string] $ClassName)
    # Answered by the class; filters belong into PowerShell.
    Send-Command $ClassName @{} $ErrorActionPreference
}

function Get-Date {
    [CmdletBinding()] param()
    Send-Command 'Get-Date' @{} $ErrorActionPreference
}

function Get-WinEvent {
    [CmdletBinding()] param([Parameter(Mandatory)] [hashtable] $FilterHashtable, [int] $MaxEvents = 256)
    $query = @{
        Log = $FilterHashtable.LogName
        Ids = @($FilterHashtable.Id)
        Since = $FilterHashtable.StartTime
        Max = $MaxEvents
    }
    try { Send-Command 'Get-WinEvent' $query $ErrorActionPreference }
    catch {
        # Finding none is an error of a name of its own.
        if ($_.Exception -isnot [System.ComponentModel.Win32Exception] -or $_.Exception.NativeErrorCode -ne 2) { throw }
        throw [System.Management.Automation.ErrorRecord]::new($_.Exception, 'NoMatchingEventsFound', 'ObjectNotFound', $null)
    }
}

# It may ask something: what is piped to it answers.
function gpupdate.exe { Send-Program 'gpupdate.exe' $args @($input) }

# Waiting is the lab's clock's business.
function Start-Sleep {
    [CmdletBinding()] param([Parameter(Position = 0)] [double] $Seconds = 0, [int] $Milliseconds = 0)
    Send-Command 'Start-Sleep' @{ Seconds = $Seconds + $Milliseconds / 1000 }
}

# Of 5.1: nothing can be piped to it; that came later. It is not there at all in 4.0.
function Write-Information {
    [CmdletBinding()] param([Parameter(Position = 0, Mandatory)] [AllowNull()] [AllowEmptyString()] [object] $MessageData, [string[]] $Tags)
    if ($env:RDP_MEDIC_STAND_IN_POWERSHELL -eq '4.0') {
        throw [System.Management.Automation.CommandNotFoundException]::new("The term 'Write-Information' is not recognized as the name of a cmdlet.")
    }
    # The caller's preference: a module does not see a script's.
    $preference = $PSCmdlet.SessionState.PSVariable.GetValue('InformationPreference')
    Microsoft.PowerShell.Utility\Write-Information -MessageData $MessageData -InformationAction $preference
}
