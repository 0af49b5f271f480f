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
    Send-Command 'Get-WinEvent' $query $ErrorActionPreference
}

function gpupdate.exe { Send-Program 'gpupdate.exe' $args }

# Waiting is the lab's clock's business.
function Start-Sleep { [CmdletBinding()] param([int] $Seconds) }

function New-Object {
    # Shadowed for the few .NET types that would touch the machine; the rest are .NET's own.
    [CmdletBinding()] param(
        [Parameter(Position = 0, Mandatory)] [string] $TypeName,
        [Parameter(Position = 1)] [object[]] $ArgumentList = @(),
        [System.Collections.IDictionary] $Property
    )
    switch ($TypeName) {
        'System.Net.Sockets.TcpClient' { return New-TcpClient -Port $ArgumentList[1] }
        'System.Security.Cryptography.CspParameters' { return [pscustomobject]@{ KeyContainerName = $ArgumentList[2]; Flags = 0 } }
        'System.Security.Cryptography.RSACryptoServiceProvider' {
            try { Send-Command 'RSACryptoServiceProvider.Open' @{ Container = $ArgumentList[0].KeyContainerName } }
            catch { throw [System.Security.Cryptography.CryptographicException]::new($_.Exception.NativeErrorCode) }
            return [System.IO.MemoryStream]::new()
        }
        'System.Security.Cryptography.X509Certificates.X509Store' { return New-RemoteStore -Name $ArgumentList[0] }
    }
    return Microsoft.PowerShell.Utility\New-Object @PSBoundParameters
}

function New-TcpClient {
    # To the machine's own loopback, which in the lab is an address of its own.
    param([Parameter(Mandatory)] [int] $Port)
    $endpoint = Send-Command 'TcpClient.Connect' @{ Port = $Port }
    if ($null -eq $endpoint) { throw [System.Net.Sockets.SocketException]::new(10061) }
    $source = [System.Net.IPEndPoint]::new([System.Net.IPAddress]::Parse($endpoint.source), 0)
    $client = [System.Net.Sockets.TcpClient]::new($source)
    $client.Connect($endpoint.address, $endpoint.port)
    return $client
}

function New-RemoteStore {
    param([Parameter(Mandatory)] [string] $Name)
    $store = [pscustomobject]@{ Name = $Name; Certificates = @() }
    $store | Add-Member -MemberType ScriptMethod -Name Open -Value {
        param($flags)
        $this.Certificates = @(Send-Command 'X509Store.Open' @{ Name = $this.Name })
    }
    $store | Add-Member -MemberType ScriptMethod -Name Remove -Value {
        param($certificate)
        Send-Command 'X509Store.Remove' @{ Name = $this.Name; Thumbprint = $certificate.Thumbprint }
        $this.Certificates = @($this.Certificates | Where-Object { $_.Thumbprint -ne $certificate.Thumbprint })
    }
    $store | Add-Member -MemberType ScriptMethod -Name Close -Value {}
    return $store
}
