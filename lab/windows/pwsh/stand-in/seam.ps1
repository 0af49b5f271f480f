# The functions of guest/lib/seam.ps1 on the lab's Windows: the runner cuts the real ones out of a script, so that the
# same names lead here. The parameters are the real ones'.

function Read-RegistryKey {
    param([Parameter(Mandatory)] [string] $Path, [string[]] $Names = @())
    Send-Command 'Read-RegistryKey' @{ Path = $Path; Names = $Names }
}

function Write-RegistryValue {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name,
        [Parameter(Mandatory)] [ValidateSet('DWord', 'QWord', 'String', 'ExpandString', 'MultiString', 'Binary')] [string] $Kind,
        [Parameter(Mandatory)] [AllowEmptyString()] [AllowEmptyCollection()] [object] $Data)
    if ($Kind -eq 'MultiString') { $Data = [string[]]@($Data) }
    Send-Command 'Write-RegistryValue' @{ Path = $Path; Name = $Name; Kind = $Kind; Data = $Data }
}

function Remove-RegistryValue {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Name)
    Send-Command 'Remove-RegistryValue' $PSBoundParameters
}

function Remove-RegistryKey { param([Parameter(Mandatory)] [string] $Path) Send-Command 'Remove-RegistryKey' $PSBoundParameters }
function Read-EntryKind { param([Parameter(Mandatory)] [string] $Path) Send-Command 'Read-EntryKind' $PSBoundParameters }
function Read-FileLength { param([Parameter(Mandatory)] [string] $Path) Send-Command 'Read-FileLength' $PSBoundParameters }
function Read-FileVersion { param([Parameter(Mandatory)] [string] $Path) Send-Command 'Read-FileVersion' $PSBoundParameters }
function Read-FileCount { param([Parameter(Mandatory)] [string] $Path) Send-Command 'Read-FileCount' $PSBoundParameters }
function Read-Descriptor { param([Parameter(Mandatory)] [string] $Path) Send-Command 'Read-Descriptor' $PSBoundParameters }

function Write-Owner {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Sid)
    Send-Command 'Write-Owner' $PSBoundParameters
}

function Write-Descriptor {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Sddl)
    Send-Command 'Write-Descriptor' $PSBoundParameters
}

function New-Folder { param([Parameter(Mandatory)] [string] $Path) Send-Command 'New-Folder' $PSBoundParameters }

function Move-Entry {
    param([Parameter(Mandatory)] [string] $From, [Parameter(Mandatory)] [string] $To)
    Send-Command 'Move-Entry' $PSBoundParameters
}

function Copy-Entry {
    param([Parameter(Mandatory)] [string] $From, [Parameter(Mandatory)] [string] $To)
    Send-Command 'Copy-Entry' $PSBoundParameters
}

function Remove-Entry { param([Parameter(Mandatory)] [string] $Path) Send-Command 'Remove-Entry' $PSBoundParameters }
function Invoke-DiskPart { param([Parameter(Mandatory)] [string[]] $Lines) Send-Command 'Invoke-DiskPart' @{ Lines = $Lines } }
function Read-KeyOpens { Send-Command 'Read-KeyOpens' }
function Read-Handshake { param([Parameter(Mandatory)] [int] $Port) Send-Command 'Read-Handshake' $PSBoundParameters }
function Read-Space { param([Parameter(Mandatory)] [string] $Root) Send-Command 'Read-Space' $PSBoundParameters }
function Read-ProcessStart { param([Parameter(Mandatory)] [int] $Id) Send-Command 'Read-ProcessStart' $PSBoundParameters }
function Stop-ProcessTree { param([Parameter(Mandatory)] [int] $Id) Send-Command 'Stop-ProcessTree' $PSBoundParameters }
function Read-Surroundings { Send-Command 'Read-Surroundings' }
