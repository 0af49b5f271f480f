import type { AccessEntry } from '../disk.ts';
import type { Machine, SecurityView } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { failure, textOf, type CommandSet, type ProgramOutput } from './command.ts';
import { wording } from './wording.ts';

/** FileSystemRights as .NET counts them. */
const RIGHTS: Record<AccessEntry['rights'], number> = {
  F: 2032127,
  M: 197055,
  RX: 131241,
  R: 131209,
  W: 278,
  RW: 131487,
};

export const permissionCommands: CommandSet = {
  commands: {
    'Get-Acl': ({ files }, args) => {
      const security = files.acl(textOf(args, 'path'));
      return { owner: security.owner, rules: rules(security), sddl: files.sddl(textOf(args, 'path')) };
    },
    'Set-Acl': ({ files }, args) => {
      files.setSddl(textOf(args, 'path'), textOf(args, 'sddl'));
    },
  },
  programs: {
    'icacls.exe': icacls,
    'takeown.exe': takeown,
  },
};

function rules({ entries, inherited }: SecurityView) {
  const shown = (entry: AccessEntry, isInherited: boolean) => ({
    sid: entry.sid,
    rights: RIGHTS[entry.rights],
    type: entry.type === 'deny' ? 'Deny' : 'Allow',
    isInherited,
    // Inherit only.
    propagation: entry.scope === 'children' ? 2 : 0,
  });
  return [...entries.map((entry) => shown(entry, false)), ...inherited.map((entry) => shown(entry, true))];
}

/** `icacls PATH [/t] [/c] [/grant SID:RIGHTS] [/remove:d SID] [/setowner …]`; SIDs with their star. */
function icacls(machine: Machine, [path = '', ...options]: readonly string[]): ProgramOutput {
  const { files } = machine;
  const change = (): void => {
    for (let at = 0; at < options.length; at++) {
      const option = (options[at] ?? '').toLowerCase();
      const value = options[at + 1] ?? '';
      if (option === '/grant' || option === '/grant:r') {
        const [sid, rights] = parseGrant(value);
        files.grant(path, sid, rights, { replace: option === '/grant:r' });
        at++;
      } else if (option === '/remove:d' || option === '/remove:g') {
        files.removeEntries(path, value.replace(/^\*/, ''), option === '/remove:d' ? 'deny' : 'allow');
        at++;
      } else if (option === '/inheritance:e' || option === '/inheritance:r') {
        files.setInheritance(path, option === '/inheritance:e');
      } else if (!['/t', '/c', '/q', '/l'].includes(option)) {
        throw new WindowsError(WIN32.invalidParameter, `icacls: ${option}`);
      }
    }
  };
  const words = wording(machine.info.culture);
  const isChange = options.some((option) => /^\/(grant|remove|inheritance|deny)/i.test(option));
  try {
    if (!files.testPath(path)) throw new WindowsError(WIN32.fileNotFound, path);
    if (!isChange)
      return listing(
        machine,
        path,
        options.some((option) => option.toLowerCase() === '/t'),
      );
    change();
    return { lines: [words.fileProcessed(path), words.filesProcessed(1, 0)], exitCode: 0 };
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    return failure(error.code, `${path}: ${reason(error, machine)}`, words.filesProcessed(0, 1));
  }
}

function parseGrant(grant: string): [string, AccessEntry['rights']] {
  const [, sid, rights = ''] = /^\*?(S-[0-9-]+):(?:\([A-Z]+\))*\(?([A-Z,]+)\)?$/i.exec(grant) ?? [];
  const known = (['F', 'M', 'RX', 'R', 'W', 'RW'] as const).find(
    (candidate) => candidate === rights.toUpperCase().replace(',', ''),
  );
  if (sid === undefined || known === undefined)
    throw new WindowsError(WIN32.invalidParameter, `icacls: ${grant}`);
  return [sid, known];
}

function listing(machine: Machine, path: string, recurse: boolean): ProgramOutput {
  const { files, info } = machine;
  const words = wording(info.culture);
  let failed = 0;
  const paths = [path];
  try {
    if (recurse) paths.push(...files.list(path).map((name) => `${path}\\${name}`));
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    failed++;
  }
  const text = paths.flatMap((one) => {
    try {
      const { entries, inherited } = files.acl(one);
      const shown = [
        ...entries.map((entry) => entryText(machine, entry, '')),
        ...inherited.map((entry) => entryText(machine, entry, '(I)')),
      ];
      return [
        `${one} ${shown[0] ?? ''}`,
        ...shown.slice(1).map((line) => `${' '.repeat(one.length)} ${line}`),
        '',
      ];
    } catch (error) {
      if (!(error instanceof WindowsError)) throw error;
      failed++;
      return [`${one}: ${reason(error, machine)}`];
    }
  });
  return {
    lines: [...text, words.filesProcessed(paths.length - failed, failed)],
    exitCode: failed === 0 ? 0 : WIN32.accessDenied,
  };
}

function entryText({ info }: Machine, { sid, rights, type }: AccessEntry, origin: string): string {
  return `${info.accountName(sid)}:${origin}${type === 'deny' ? '(DENY)' : ''}(${rights})`;
}

/** `takeown /f PATH /a`: one file or folder. `/r` would prompt in the language of the system. */
function takeown(machine: Machine, args: readonly string[]): ProgramOutput {
  const at = args.findIndex((argument) => argument.toLowerCase() === '/f');
  const path = args[at + 1] ?? '';
  const rest = args.filter((_, index) => index !== at && index !== at + 1);
  if (at < 0 || rest.length !== 1 || rest[0]?.toLowerCase() !== '/a')
    return failure(1, `takeown: ${args.join(' ')}`);
  try {
    machine.files.takeOwnership(path);
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    return failure(1, reason(error, machine));
  }
  return { lines: ['', wording(machine.info.culture).nowOwned(path)], exitCode: 0 };
}

function reason(error: WindowsError, { info }: Machine): string {
  const words = wording(info.culture);
  if (error.code === WIN32.accessDenied) return words.accessDenied;
  return error.code === WIN32.fileNotFound ? words.notFound : error.message;
}
