/**
 * Commands of Windows PowerShell 5.1 and its modules that the documents tell people to type, with the parameters they are given
 * there (Windows PowerShell reference). A parameter that 5.1 lacks, or a wrong name, is found by what is missing here.
 */
export const COMMANDS_OF_51: Readonly<Record<string, readonly string[]>> = {
  'Clear-RecycleBin': ['DriveLetter', 'Force'],
  'Disable-NetFirewallRule': ['Name'],
  'Enable-NetFirewallRule': ['Name'],
  'Enable-TlsCipherSuite': ['Name'],
  'Expand-Archive': ['Path', 'DestinationPath'],
  'Get-ChildItem': ['Path', 'Force'],
  'Get-CimInstance': ['Namespace', 'ClassName'],
  'Get-Disk': ['Number'],
  'Get-NetFirewallPortFilter': [],
  'Get-NetFirewallRule': ['Enabled', 'Direction', 'Action', 'Name'],
  'Get-PartitionSupportedSize': ['DriveLetter'],
  'Invoke-CimMethod': ['MethodName'],
  'Invoke-WebRequest': ['Uri', 'UseBasicParsing', 'OutFile'],
  'New-Item': ['ItemType', 'Path'],
  'Remove-Item': ['Path'],
  'Remove-ItemProperty': ['Path', 'Name'],
  'Resize-Partition': ['DriveLetter', 'Size'],
  'Restart-Service': ['Name', 'Force'],
  'Set-Disk': ['Number', 'IsOffline'],
  'Set-ItemProperty': ['Path', 'Name', 'Value'],
  'Set-Location': ['Path'],
  'Set-NetFirewallRule': ['Name', 'LocalPort', 'Profile', 'RemoteAddress'],
  'Set-Service': ['Name', 'StartupType'],
  'Sort-Object': ['Property'],
  'Start-Service': ['Name'],
  'Stop-Service': ['Name', 'Force'],
  'Uninstall-WindowsFeature': ['Name'],
  'Where-Object': ['FilterScript'],
  'Write-VolumeCache': ['DriveLetter'],
};

/** Programs of Windows, by their whole names: `sc` and `where` are something else in PowerShell. */
export const PROGRAMS: readonly string[] = [
  ...['bcdedit.exe', 'certlm.msc', 'diskpart.exe', 'gpupdate.exe', 'icacls.exe', 'netstat.exe'],
  ...['powershell.exe', 'reg.exe', 'takeown.exe', 'w32tm.exe'],
];
