import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  carriesItsId,
  endsInOneFrame,
  explainsItself,
  isReadInOneGo,
  isStrict,
  takesWhatTheManifestSays,
  unloadsWhatItLoads,
} from './contract-rules.ts';
import {
  callsDotNetInTheSeamAlone,
  isAscii,
  knowsNoTranslatedNames,
  namesWithApprovedVerbs,
  parses,
  runsNoText,
  staysWithin51,
  usesNoAliases,
} from './language-rules.ts';
import {
  commandArguments,
  commandName,
  commands,
  functionName,
  ofType,
  parsePowerShell,
  type Rule,
} from './powershell.ts';

const GUEST = join(import.meta.dirname, '../../../guest');
const read = (id: string): string => readFileSync(join(GUEST, `${id}.ps1`), 'utf8');
const filesIn = (folder: string): string[] =>
  readdirSync(join(GUEST, folder))
    .filter((name) => name.endsWith('.ps1'))
    .map((name) => `${folder}/${name.replace(/\.ps1$/, '')}`);

const SCRIPTS = [...filesIn('online'), ...filesIn('offline')];
const FILES = [
  ...SCRIPTS,
  ...filesIn('lib'),
  ...filesIn('lib/facts'),
  ...filesIn('lib/verbs'),
  'collect',
  'apply',
];

/** Everything that is taken into the scripts with one frame. */
const ONE_TEXT = [
  ...new Set(
    ['collect', 'apply'].flatMap((id) => [
      id,
      ...[...read(id).matchAll(/PSScriptRoot 'lib\\([^']+)\.ps1'/g)].map(
        ([, file = '']) => `lib/${file.replaceAll('\\', '/')}`,
      ),
    ]),
  ),
];

const EVERYWHERE: Record<string, Rule> = {
  parses,
  staysWithin51,
  runsNoText,
  namesWithApprovedVerbs,
  usesNoAliases,
  knowsNoTranslatedNames,
  isAscii,
  isReadInOneGo,
  unloadsWhatItLoads,
};
const IN_SCRIPTS: Record<string, Rule> = {
  explainsItself,
  carriesItsId,
  isStrict,
  endsInOneFrame,
  takesWhatTheManifestSays,
};

describe('guest PowerShell', () => {
  it.each(FILES)('keeps the rules of the language: %s', async (id) => {
    const script = await parsePowerShell(id, read(id));
    expect(
      Object.entries(EVERYWHERE).flatMap(([rule, check]) =>
        check(script).map((found) => ({ rule, ...found })),
      ),
    ).toEqual([]);
  });

  it.each(ONE_TEXT)('calls .NET in the seam alone: %s', async (id) => {
    expect(callsDotNetInTheSeamAlone(await parsePowerShell(id, read(id)))).toEqual([]);
  });

  it.each(SCRIPTS)('keeps the contract of a script: %s', async (id) => {
    const script = await parsePowerShell(id, read(id));
    expect(
      Object.entries(IN_SCRIPTS).flatMap(([rule, check]) =>
        check(script).map((found) => ({ rule, ...found })),
      ),
    ).toEqual([]);
  });

  it('prints the result line after everything else, in the one frame', async () => {
    const { root } = await parsePowerShell('lib/rdp-medic', read('lib/rdp-medic'));
    const frame = ofType(root, 'function_statement').find(
      (one) => functionName(one) === 'Invoke-RdpMedicScript',
    );
    if (!frame) throw new Error('there is no frame');
    const writes = commands(frame).filter((command) => commandName(command) === 'Write-Result');
    const tries = ofType(frame, 'try_statement');
    expect(writes).toHaveLength(1);
    expect(writes[0]?.startIndex).toBeGreaterThan(Math.max(...tries.map(({ endIndex }) => endIndex)));
    const cleanups = ofType(frame, 'finally_clause').flatMap((clause) =>
      commands(clause).map(({ text }) => text.trim()),
    );
    expect(cleanups).toContain('& $Cleanup');
  });

  it('loads hives only behind the clean-up of the offline frame', async () => {
    const calls = await Promise.all(
      FILES.map(async (id) => {
        const { root } = await parsePowerShell(id, read(id));
        return ofType(root, 'function_statement', 'program').flatMap((one) =>
          commands(one)
            .filter((command) => ['Mount-Hive', 'Open-OfflineGuest'].includes(commandName(command) ?? ''))
            .map(
              (command) =>
                `${one.type === 'program' ? id : functionName(one)}: ${commandName(command) ?? ''}`,
            ),
        );
      }),
    );
    expect(calls.flat().toSorted()).toEqual([
      'Invoke-OfflineRepair: Open-OfflineGuest',
      'Open-Disk: Mount-Hive',
      'Open-Disk: Mount-Hive',
      'Open-OfflineGuest: Mount-Hive',
      'lib/disk-session: Mount-Hive',
      'lib/disk-session: Mount-Hive',
      'lib/offline: Mount-Hive',
      'lib/offline: Open-OfflineGuest',
    ]);
    const { root } = await parsePowerShell('lib/offline', read('lib/offline'));
    const opened = commands(root).find((command) => commandName(command) === 'Invoke-RdpMedicScript');
    expect(opened && commandArguments(opened)).toEqual(['@frame']);
    expect(read('lib/offline')).toContain('Cleanup = { Close-OfflineGuest -Guest $Guest }');
  });
});

/** A script that keeps every rule, to be spoilt in one place each. */
const GOOD = read('offline/rdp-denied');
const spoil = (from: string | RegExp, to: string): string => {
  const spoilt = GOOD.replace(from, to);
  if (spoilt === GOOD) throw new Error(`nothing to spoil: ${String(from)}`);
  return spoilt;
};
const within = (code: string): string => `function Test-Sample {\n    ${code}\n}\n`;

describe('the lint', () => {
  const samples: [string, Rule, string][] = [
    ['an open brace', parses, 'function Get-A { '],
    ['null coalescing', parses, within('$a = $b ?? 1')],
    ['null-conditional access', parses, within('$a?.Name')],
    ['a ternary', parses, within('$a ? 1 : 2')],
    ['a pipeline chain', staysWithin51, within('Get-A && Get-B')],
    ['a class', staysWithin51, 'class Sample { [string] $Name }'],
    ['an enum', staysWithin51, 'enum Sample { One }'],
    ['using', staysWithin51, 'using namespace System.IO'],
    ['a clean block', staysWithin51, 'function Get-A { clean { Get-B } }'],
    ['a later parameter', staysWithin51, within('$a | ForEach-Object -Parallel { $_ }')],
    ['a later cmdlet', staysWithin51, within('Get-Error')],
    ['Invoke-Expression', runsNoText, within('Invoke-Expression $text')],
    ['iex', runsNoText, within("iex 'Get-Date'")],
    ['a call of a string', runsNoText, within('& "C:\\tools\\$name.exe" /a')],
    ['a call of a property', runsNoText, within('& $tool.Path /a')],
    ['Start-Process', runsNoText, within('Start-Process reg.exe -ArgumentList "load $name"')],
    ['another shell', runsNoText, within("cmd.exe /c 'dir'")],
    ['-Command', runsNoText, within("Register-Thing -Command 'dir'")],
    ['a script block made of text', runsNoText, within('[scriptblock]::Create($text)')],
    ['a foreign file taken in', runsNoText, '. $env:TEMP\\a.ps1'],
    ['.NET outside of the seam', callsDotNetInTheSeamAlone, within('[IO.File]::Delete($path)')],
    ['a .NET object outside of the seam', callsDotNetInTheSeamAlone, within('New-Object IO.FileInfo $path')],
    ['an unapproved verb', namesWithApprovedVerbs, 'function Fix-Registry { 1 }'],
    ['a function without a verb', namesWithApprovedVerbs, 'function Registry { 1 }'],
    ['an alias', usesNoAliases, within('$list | % { $_ }')],
    ['sc for sc.exe', usesNoAliases, within('sc config gpsvc start= auto')],
    [
      'a translated account',
      knowsNoTranslatedNames,
      within("icacls.exe $path /grant 'BUILTIN\\Administrators:F'"),
    ],
    ['a letter beyond ASCII', isAscii, '# gr\u00fc\u00dfe'],
    [
      'a hive left loaded',
      unloadsWhatItLoads,
      within('reg.exe load HKLM\\Mine $path; reg.exe unload HKLM\\Mine'),
    ],
    ['too long a script', isReadInOneGo, '\n'.repeat(400) + '1'],
    ['help without a section', explainsItself, spoil('.NOTES', '.LINK')],
    ['help without the undo', explainsItself, spoil('Undo:', 'Otherwise:')],
    ['help without a parameter', explainsItself, spoil('.PARAMETER Lun', '.PARAMETER Disk')],
    ['the id of another', carriesItsId, spoil('script: offline/rdp-denied', 'script: offline/tls')],
    ['no strict mode', isStrict, spoil('Set-StrictMode -Version Latest', '')],
    ['errors that go on', isStrict, spoil("'Stop'", "'Continue'")],
    ['no frame', endsInOneFrame, spoil(/^Invoke-OfflineRepair.*$/m, '')],
    ['a frame under another id', endsInOneFrame, spoil("-Id 'offline/rdp-denied'", "-Id 'offline/tls'")],
    ['something after the frame', endsInOneFrame, `${GOOD}Get-Date\n`],
    ['something before the frame', endsInOneFrame, spoil('$find =', 'Get-Disk\n$find =')],
    ['an exit', endsInOneFrame, spoil('$repair = {', '$repair = { exit 0')],
    ['a parameter that is no string', takesWhatTheManifestSays, spoil('[string] $Lun', '[int] $Lun')],
    [
      'a parameter that is not validated',
      takesWhatTheManifestSays,
      spoil(/\[ValidatePattern\([^)]*\)\$'\)\]/, ''),
    ],
    [
      'a parameter beside the manifest',
      takesWhatTheManifestSays,
      spoil('$Lun\n)', "$Lun,\n    [string] $More = ''\n)"),
    ],
  ];

  it.each(samples)('refuses %s', async (_what, rule, text) => {
    expect(rule(await parsePowerShell('offline/rdp-denied', text))).not.toEqual([]);
  });

  it('accepts a hive that is unloaded in finally', async () => {
    const text = within('try { reg.exe load HKLM\\Mine $path } finally { reg.exe unload HKLM\\Mine }');
    expect(unloadsWhatItLoads(await parsePowerShell('offline/sample', text))).toEqual([]);
  });

  it('accepts the script that its samples are made of', async () => {
    const script = await parsePowerShell('offline/rdp-denied', GOOD);
    const rules = [...Object.values(EVERYWHERE), ...Object.values(IN_SCRIPTS)];
    expect(rules.flatMap((rule) => rule(script))).toEqual([]);
  });
});
