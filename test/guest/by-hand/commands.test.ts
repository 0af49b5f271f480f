import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GUEST_SCRIPT_PARAMETERS } from './script-parameters.ts';
import { COMMANDS_OF_51, PROGRAMS } from './commands-of-51.ts';
import { parses, staysWithin51 } from '../lint/language-rules.ts';
import { commandArguments, commandName, commands, parsePowerShell, type Node } from '../lint/powershell.ts';

const DOCS = join(import.meta.dirname, '../../../docs');
const RUNBOOK = readFileSync(join(DOCS, 'runbook.md'), 'utf8');
const HOW_TO = readFileSync(join(DOCS, 'how-to-repair-by-hand.md'), 'utf8');

/** Cells of each row of a document's tables, by the title of their column. */
function cells(document: string, column: string): string[] {
  let place = -1;
  return document.split('\n').flatMap((line) => {
    if (!line.startsWith('| ')) return [];
    const row = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    if (row.includes('Undo')) {
      place = row.indexOf(column);
      return [];
    }
    return [row[place] ?? ''];
  });
}

/** What stands between backquotes and is something to type: a name of a service, a value or a way on is not. */
function typed(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)]
    .map(([, code = '']) => code)
    .filter((code) => code.includes(' ') && !code.startsWith('…') && !code.startsWith('az '));
}

const TYPED = [
  ...['Manually', 'Undo'].flatMap((column) => cells(RUNBOOK, column)).flatMap(typed),
  ...typed(RUNBOOK.split('\n## ')[0] ?? ''),
  ...[...HOW_TO.matchAll(/```powershell\n([^]*?)```/g)].map(([, code = '']) => code),
];

/** The grammar knows no list of bare words (`Start-Service KeyIso, CryptSvc`), which PowerShell does. */
function parsed(code: string) {
  return parsePowerShell('typed', code.replaceAll(/(?<=-Service )(\w+), (\w+)/g, "'$1', '$2'"));
}

/** Names of the parameters a command is given. */
function parametersOf(command: Node): string[] {
  return commandArguments(command).flatMap((argument) => /^-([A-Z]\w*)$/.exec(argument)?.[1] ?? []);
}

/** What is wrong with one command, by its name. */
function wrongIn(command: Node): string[] {
  const name = commandName(command) ?? '';
  if (PROGRAMS.includes(name)) return name === 'powershell.exe' ? wrongCall(command) : [];
  const known = COMMANDS_OF_51[name];
  if (known === undefined) return [`${name} is no command of Windows PowerShell 5.1 that is known here`];
  return parametersOf(command)
    .filter((parameter) => !known.includes(parameter))
    .map((parameter) => `${name} has no -${parameter}`);
}

/** `powershell.exe … -File <script> …`: parameters of PowerShell before, of the script behind. */
function wrongCall(command: Node): string[] {
  const given = commandArguments(command);
  const at = given.indexOf('-File');
  const script = given[at + 1] ?? '';
  const known = GUEST_SCRIPT_PARAMETERS[script] ?? [];
  return given
    .slice(at + 2)
    .flatMap((argument) => /^-(\w+)$/.exec(argument)?.[1] ?? [])
    .filter((parameter) => !known.includes(parameter))
    .map((parameter) => `${script} has no -${parameter}`);
}

describe('what people are told to type', () => {
  it('is found in the documents', () => {
    expect(TYPED.length).toBeGreaterThan(50);
    expect(TYPED).toContain('Set-ItemProperty -Path $TS -Name fDenyTSConnections -Value 0');
  });

  it.each(TYPED)('is Windows PowerShell 5.1: %s', async (code) => {
    const script = await parsed(code);
    expect(parses(script)).toEqual([]);
    expect(staysWithin51(script)).toEqual([]);
    expect(commands(script.root).flatMap(wrongIn)).toEqual([]);
  });

  it.each(TYPED.filter((code) => /(Restart|Stop)-Service/.test(code)))(
    'stops what depends on a service too: %s',
    async (code) => {
      const { root } = await parsed(code);
      const stopping = commands(root).filter((one) =>
        /^(Restart|Stop)-Service$/.test(commandName(one) ?? ''),
      );
      for (const command of stopping) expect(commandArguments(command)).toContain('-Force');
    },
  );

  it.each(TYPED.filter((code) => code.includes('HKLM:')))('quotes a key with a blank in it: %s', (code) => {
    expect(code).not.toMatch(/(?<!['"\w])HKLM:\\[^'";]*\\(Terminal Server|TLS 1)/);
  });

  it.each(TYPED.filter((code) => code.includes('icacls.exe')))('names accounts by SID: %s', (code) => {
    for (const [, account = ''] of code.matchAll(/(?:grant|setowner) "?([^": ]+)/g))
      expect(account).toMatch(/^\*S(ID|-1-)/);
  });
});
