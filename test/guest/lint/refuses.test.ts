import { readGuestFile } from './guest-files.ts';
import { parsePowerShell } from './powershell.ts';
import { everywhere, IN_LIBS, inScripts, type Rules } from './rules.ts';

/** A script that keeps every rule, to be spoilt in one place each. */
const GOOD = readGuestFile('collect');
const spoil = (from: string | RegExp, to: string): string => {
  const spoilt = GOOD.replace(from, to);
  if (spoilt === GOOD) throw new Error(`nothing to spoil: ${String(from)}`);
  return spoilt;
};
const within = (code: string, parameters = ''): string =>
  `# rdp-medic-lib: sample\nfunction Test-Sample {\n    param(${parameters})\n    ${code}\n}\n`;
const LISTS = 'Get-Disk -Number 1 -ErrorAction Stop';

/** What, the rule that refuses it, and its text; by the rule's own name. */
const SAMPLES: readonly (readonly [what: string, rule: string, text: string])[] = [
  ['an open brace', 'parses', 'function Get-A { '],
  ['null coalescing', 'parses', within('$a = $b ?? 1')],
  ['null-conditional access', 'parses', within('$a?.Name')],
  ['a ternary', 'parses', within('$a ? 1 : 2')],
  ['a pipeline chain', 'staysWithin51', within('Get-A && Get-B')],
  ['a class', 'staysWithin51', 'class Sample { [string] $Name }'],
  ['an enum', 'staysWithin51', 'enum Sample { One }'],
  ['using', 'staysWithin51', 'using namespace System.IO'],
  ['a clean block', 'staysWithin51', 'function Get-A { clean { Get-B } }'],
  ['-AsHashtable', 'staysWithin51', within('ConvertFrom-Json -InputObject $a -asHashtable')],
  ['-Parallel', 'staysWithin51', within('$a | ForEach-Object -Parallel { $_ }')],
  ['$IsWindows', 'staysWithin51', within('if ($IsWindows) { 1 }')],
  ['an escape of later', 'staysWithin51', within('$a = "`u{20ac}"')],
  ['an unapproved verb', 'namesWithApprovedVerbs', 'function Fix-Registry { 1 }'],
  ['a function without a verb', 'namesWithApprovedVerbs', 'function Registry { 1 }'],
  ['an alias', 'usesNoAliases', within('$list | % { $_ }')],
  ['sc for sc.exe', 'usesNoAliases', within('sc config gpsvc start= auto')],
  ['an automatic variable', 'assignsNoAutomaticVariable', within('foreach ($event in $list) { 1 }')],
  ['another', 'assignsNoAutomaticVariable', within('$input = 1')],
  ['one as a parameter', 'assignsNoAutomaticVariable', within('1', '[string] $Host')],
  ['a letter beyond ASCII', 'isAscii', '# gr\u00fc\u00dfe'],
  ['too long a file', 'isReadInOneGo', '\n'.repeat(400) + '1'],

  ['a command nobody looked at', 'callsOnlyWhatIsKnown', within('Clear-DnsClientCache -ErrorAction Stop')],
  ['Restart-Service', 'callsOnlyWhatIsKnown', within('Restart-Service -Name TermService')],
  ['Start-Service', 'callsOnlyWhatIsKnown', within('Start-Service -Name TermService')],
  ['Write-Information', 'callsOnlyWhatIsKnown', within("Write-Information 'a'")],
  ['a pipeline into it', 'callsOnlyWhatIsKnown', within('$a | Write-Information')],
  ['Add-Member', 'callsOnlyWhatIsKnown', within('$a | Add-Member -NotePropertyName $b -NotePropertyValue 1')],
  ['a program nobody looked at', 'callsOnlyWhatIsKnown', within('icacls.exe $path')],
  ['diskpart.exe outside of the seam', 'callsOnlyWhatIsKnown', within('diskpart.exe /s $file')],
  ['JSON made elsewhere', 'callsOnlyWhatIsKnown', within('ConvertTo-Json -InputObject $a')],
  ['a disk without Stop', 'stopsAtErrors', within('Set-Disk -Number 1 -IsOffline $true')],
  ['a firewall rule without Stop', 'stopsAtErrors', within('Set-NetFirewallRule -Name $a -Enabled True')],
  ['WMI that goes on', 'stopsAtErrors', within('Get-CimInstance -ClassName A -ErrorAction SilentlyContinue')],
  ['arguments nobody sees', 'stopsAtErrors', within('Get-Partition @arguments')],
  ['a service that is waited for', 'givesWhatIsNeeded', within('Stop-Service -Name A -ErrorAction Stop')],
  ['another that is', 'givesWhatIsNeeded', within('Set-Service -Name A -Status Stopped -ErrorAction Stop')],
  ['a log without an end', 'givesWhatIsNeeded', within('Get-WinEvent -FilterHashtable $a -ErrorAction Stop')],
  ['WQL', 'givesWhatIsNeeded', within('Get-CimInstance -ClassName A -Filter $a -ErrorAction Stop')],
  ['a program nobody asks', 'asksHowProgramsEnded', within('$a = reg.exe query $b')],

  ['Invoke-Expression', 'runsNoText', within('Invoke-Expression $text')],
  ['iex', 'runsNoText', within("iex 'Get-Date'")],
  ['a call of a string', 'runsNoText', within('& "C:\\tools\\$name.exe" /a')],
  ['a call of a property', 'runsNoText', within('& $tool.Path /a')],
  ['a call of what is no script block', 'runsNoText', within('& $Name', '[string] $Name')],
  ['Start-Process', 'runsNoText', within('Start-Process reg.exe -ArgumentList "load $name"')],
  ['another shell', 'runsNoText', within("cmd.exe /c 'dir'")],
  ['-Command', 'runsNoText', within("Register-Thing -Command 'dir'")],
  ['a script block made of text', 'runsNoText', within('[scriptblock]::Create($text)')],
  ['a foreign file taken in', 'runsNoText', '. $env:TEMP\\a.ps1'],
  ['a value in an argument', 'splicesNothing', within('reg.exe query "HKLM\\SOFTWARE\\$Path"')],
  ['an argument put together', 'splicesNothing', within("sc.exe config ('{0}' -f $a)")],
  ['an argument of a call', 'splicesNothing', within('sc.exe start $(Get-A)')],
  ['a class that is data', 'splicesNothing', within('Get-CimInstance -ClassName $a -ErrorAction Stop')],
  [
    'an address with a value',
    'splicesNothing',
    within('Invoke-WebRequest -Uri "http://$a/" -ErrorAction Stop'),
  ],
  ['a hive loaded elsewhere', 'callsFromOnePlace', within('reg.exe load $a $b')],
  ['a disk opened elsewhere', 'callsFromOnePlace', within('Open-Disk -Windows $a -Lun 1')],
  ['diskpart told elsewhere', 'callsFromOnePlace', within('Invoke-DiskPart -Lines $a')],

  ['a type of .NET', 'staysInTheSeam', within('[System.IO.File]::Exists($a)')],
  ['a constant of .NET', 'staysInTheSeam', within('$a = [Environment]::MachineName')],
  ['a static call through a value', 'staysInTheSeam', within('$native::Run($a)')],
  ['an object of .NET', 'staysInTheSeam', within('New-Object System.IO.FileInfo $a')],
  ['an object of COM', 'staysInTheSeam', within("New-Object -ComObject 'WScript.Shell'")],
  ['a type that makes objects', 'staysInTheSeam', within("$a = [wmi]'Win32_Service.Name=1'")],
  ['a method of a service', 'staysInTheSeam', within('$service.Stop()')],
  ['an overload of later', 'staysInTheSeam', within("$a.Contains('b', 'Ordinal')")],
  ['marks where there is no seam', 'isCutOutWhole', '#region seam\n#endregion seam\n'],
  ['a translated account', 'knowsNoTranslatedNames', within("$a = 'BUILTIN\\Administrators'")],
  ['another', 'knowsNoTranslatedNames', within("if ($a -eq 'Administrators') { 1 }")],
  [
    'a translated group',
    'knowsNoTranslatedNames',
    within("Get-NetFirewallRule -DisplayGroup 'A' -ErrorAction Stop"),
  ],
  ['a translated message', 'knowsNoTranslatedNames', within("$event.Message -match 'denied'")],

  ['a name as a key', 'keepsNamesOutOfKeys', within('$facts = @{}; $facts[$value.Name] = 1; return $facts')],
  ['one of the keys handed on', 'keepsNamesOutOfKeys', within('$a = @{}; $a[$b] = 1; Get-A -List $a.Keys')],
  ['a key of a value', 'keepsNamesOutOfKeys', within('$a = @{ $name = 1 }')],
  ['a key of a text', 'keepsNamesOutOfKeys', within('$a = @{ "x$name" = 1 }')],
  ['a member of a value', 'keepsNamesOutOfKeys', within('$a.$name = 1')],
  ['an entry added', 'keepsNamesOutOfKeys', within('$a.Add($name, 1)')],
  ['properties of a table', 'keepsNamesOutOfKeys', within('New-Object PSObject -Property $table')],
  ['a list of any name', 'keepsNamesOutOfKeys', within('Set-List -Name $name -Read { 1 }')],
  ['an exit', 'leavesByTheFrame', within('exit 0')],

  ['a file of another name', 'saysWhichItIs', '# rdp-medic-lib: other\n'],
  ['work when it is taken in', 'makesConstantsOnly', `${LISTS}\n`],
  ['work in a constant', 'makesConstantsOnly', `$script:Disk = ${LISTS}\n`],

  ['help without a section', 'explainsItself', spoil('.NOTES', '.LINK')],
  ['help without the undo', 'explainsItself', spoil('Undo:', 'Otherwise:')],
  ['help without a parameter', 'explainsItself', spoil('.PARAMETER Lun', '.PARAMETER Disk')],
  ['the id of another', 'carriesItsId', spoil('script: collect', 'script: apply')],
  ['no strict mode', 'isStrict', spoil('Set-StrictMode -Version Latest', '')],
  ['errors that go on', 'isStrict', spoil("'Stop'", "'Continue'")],
  ['no frame', 'endsInTheFrame', spoil('Invoke-Answer', 'Invoke-Something')],
  ['a frame under another id', 'endsInTheFrame', spoil("-Script 'collect'", "-Script 'apply'")],
  ['a frame without a nonce', 'endsInTheFrame', spoil('-Nonce $Nonce', "-Nonce '1'")],
  ['something after the frame', 'endsInTheFrame', `${GOOD}Get-Date\n`],
  ['something before the frame', 'endsInTheFrame', spoil('Invoke-Answer', `${LISTS}\nInvoke-Answer`)],
  ['a parameter that is no string', 'takesWhatIsSent', spoil('[string] $Lun', '[int] $Lun')],
  ['a switch', 'takesWhatIsSent', spoil("[string] $Lun = ''", '[switch] $Lun')],
  ['one that is not validated', 'takesWhatIsSent', spoil(/\[ValidateSet\([^)]*\)\] /, '')],
  ['one validated in part', 'takesWhatIsSent', spoil("{32}$')]", "{32}')]")],
  ['one nobody knows', 'takesWhatIsSent', spoil("$Lun = ''", "$Disk = ''")],
  ['one that refuses what is sent', 'takesWhatIsSent', spoil('6[0-3]', '6[0-2]')],
  ['a place that is not sent', 'takesWhatIsSent', spoil("'offline')", "'disk')")],
];

let allRules: Rules;
beforeAll(async () => {
  allRules = { ...(await everywhere()), ...IN_LIBS, ...inScripts('collect') };
});

describe('the lint', () => {
  it.each(SAMPLES)('refuses %s (%s)', async (_what, name, text) => {
    const isScript = text.includes('# rdp-medic-script');
    const rule = allRules[name];
    const found = rule?.(await parsePowerShell(isScript ? 'collect' : 'lib/sample', text));
    expect(found).not.toEqual([]);
    expect(found).toBeDefined();
  });

  it('has a sample for each of its rules', () => {
    const named = new Set(SAMPLES.map(([, rule]) => rule));
    expect(Object.keys(allRules).filter((rule) => !named.has(rule))).toEqual([]);
  });

  it.each([
    ['a table that stays inside', within('$a = @{}; $a[$b] = 1; return $a.Values')],
    ['a script block that was given', within('& $Work', '[scriptblock] $Work')],
    ['a program that is asked', within('reg.exe query $b; if ($LASTEXITCODE -ne 0) { 1 }')],
    ['a service that is not waited for', within('Stop-Service -Name $a -NoWait -ErrorAction Stop')],
  ])('accepts %s', async (_what, text) => {
    const script = await parsePowerShell('lib/sample', text);
    const rules = Object.entries(allRules).filter(([name]) => !(name in inScripts('collect')));
    expect(rules.flatMap(([rule, check]) => check(script).map((found) => [rule, found]))).toEqual([]);
  });
});
