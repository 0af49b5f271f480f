/** Commands of PowerShell itself: they ask nothing of Windows. `ConvertTo-Json` is `lib/codec`'s alone. */
export const OF_POWERSHELL: ReadonlySet<string> = new Set([
  'ConvertFrom-Json',
  'ConvertTo-Json',
  'ForEach-Object',
  'Get-Date',
  'Group-Object',
  'Join-Path',
  'New-Object',
  'Select-Object',
  'Set-StrictMode',
  'Sort-Object',
  'Start-Sleep',
  'Where-Object',
]);

/**
 * Commands that ask Windows. Those of the modules Storage, NetSecurity and NetTCPIP are made of CDXML and do not see the script's
 * own `$ErrorActionPreference`; of the others some report what they cannot do as an error that ends nothing.
 */
export const OF_WINDOWS: ReadonlySet<string> = new Set([
  ...['Get-Disk', 'Set-Disk', 'Get-Partition', 'Add-PartitionAccessPath', 'Remove-PartitionAccessPath'],
  'Write-VolumeCache',
  ...['Get-NetFirewallRule', 'Set-NetFirewallRule', 'New-NetFirewallRule', 'Remove-NetFirewallRule'],
  'Get-NetTCPConnection',
  ...['Get-CimInstance', 'Invoke-CimMethod'],
  ...['Get-Service', 'Set-Service', 'Stop-Service', 'Get-WinEvent', 'Invoke-WebRequest'],
]);

/** Programs of Windows; `diskpart.exe` is the seam's alone. */
export const PROGRAMS: ReadonlySet<string> = new Set([
  'bcdedit.exe',
  'diskpart.exe',
  'gpupdate.exe',
  'netsh.exe',
  'reg.exe',
  'sc.exe',
]);

/** What each must be given, or must not be, and why. */
export const DEMANDS: readonly {
  command: string;
  parameter: string;
  must: boolean;
  because: string;
}[] = [
  {
    command: 'Stop-Service',
    parameter: '-NoWait',
    must: true,
    because: 'it waits for ever while a service is StopPending',
  },
  {
    command: 'Set-Service',
    parameter: '-Status',
    must: false,
    because: 'it waits for ever while a service is on its way',
  },
  { command: 'Get-WinEvent', parameter: '-MaxEvents', must: true, because: 'reading a full log is slow' },
  {
    command: 'Invoke-WebRequest',
    parameter: '-UseBasicParsing',
    must: true,
    because: 'without it 5.1 wants Internet Explorer set up',
  },
  {
    command: 'Invoke-WebRequest',
    parameter: '-TimeoutSec',
    must: true,
    because: 'it waits for ever otherwise',
  },
  { command: 'Get-CimInstance', parameter: '-Filter', must: false, because: 'backslash is an escape in WQL' },
  { command: 'Get-CimInstance', parameter: '-Query', must: false, because: 'backslash is an escape in WQL' },
  {
    command: 'Get-NetTCPConnection',
    parameter: '-LocalPort',
    must: false,
    because: 'it makes an error of finding none, and of 70000',
  },
];
