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

function New-Object {
    # Shadowed for the few .NET types that would touch the machine; the rest are .NET's own.
    [CmdletBinding()] param(
        [Parameter(Position = 0, Mandatory)] [string] $TypeName,
        [Parameter(Position = 1)] [object[]] $ArgumentList = @(),
        [System.Collections.IDictionary] $Property
    )
    switch ($TypeName) {
        'System.Net.Sockets.TcpClient' { return New-TcpClient -Port $ArgumentList[1] }
        'System.Net.Security.SslStream' { return New-TlsStream -Stream $ArgumentList[0] }
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

function New-TlsStream {
    # .NET's, but for the choice of protocols where none is named: that of the .NET of this Windows.
    param([Parameter(Mandatory)] [System.Net.Sockets.NetworkStream] $Stream)
    $tls = [System.Net.Security.SslStream]::new($Stream, $false, { $true })
    $shown = [pscustomobject]@{ Tls = $tls; Port = [int]$Stream.Socket.RemoteEndPoint.Port; SslProtocol = $null; RemoteCertificate = $null }
    $shown | Add-Member -MemberType ScriptMethod -Name AuthenticateAsClient -Value {
        param($name, $certificates, $protocols, $checksRevocation)
        if ($null -eq $protocols -and -not (Send-Command 'SslStream.DefaultWorks' @{ Port = $this.Port })) {
            throw [System.Security.Authentication.AuthenticationException]::new('A call to SSPI failed')
        }
        $this.Tls.AuthenticateAsClient($name)
        $this.SslProtocol = $this.Tls.SslProtocol
        $this.RemoteCertificate = $this.Tls.RemoteCertificate
    }
    $shown | Add-Member -MemberType ScriptMethod -Name Dispose -Value { $this.Tls.Dispose() }
    return $shown
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
