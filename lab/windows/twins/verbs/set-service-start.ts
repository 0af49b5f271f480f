import type { VerbChange } from '../../../../shared/model/change.ts';
import { same } from '../../lookup.ts';
import { WindowsError } from '../../machine/errors.ts';
import { ScriptError } from '../answer.ts';
import { begin, writeValue } from '../journal.ts';
import { hiveKey, isOnline, noteData, noteWritten, type Run } from '../run.ts';
import { serviceRow, setStartType, startService } from '../services.ts';
import { readValue, valueText } from '../values.ts';

type SetServiceStart = Extract<VerbChange, { do: 'Set-ServiceStart' }>;
type Word = 'stands' | 'set' | 'start-failed' | 'missing';

/** Accounts that Windows gives them; the others run as LocalSystem. */
const NETWORK_SERVICE = 'NT AUTHORITY\\NetworkService';
const AS_NETWORK_SERVICE = ['TermService', 'CryptSvc'];
const START = { Automatic: 2, Manual: 3 } as const;
const OWN_PROCESS = 16;

/** Twin of `guest/lib/verbs/set-service-start.ps1`. */
export async function setServiceStart(run: Run, change: SetServiceStart): Promise<Word> {
  const { service, start, account, run: runs } = change;
  const key = `${hiveKey(run, change.set)}\\Services\\${service}`;
  if (readValue(run.machine, key, 'Start') === null) return 'missing';
  if (account === 'default') setAccount(run, key, service);
  if (start !== 'keep') setStart(run, key, service, start);
  if (isOnline(run) && runs) {
    const before = serviceRow(run, service)?.state ?? 'Stopped';
    const started = await startService(run, service);
    if (started.code !== 0) {
      noteData(run, 'code', started.code);
      noteData(run, 'text', started.text);
      return 'start-failed';
    }
    if (before !== 'Running') noteWritten(run, 'service-run', service, before, 'Running');
  }
  return run.wrote.length > 0 ? 'set' : 'stands';
}

function setStart(run: Run, key: string, service: string, wanted: keyof typeof START): void {
  if (isOnline(run)) {
    const row = serviceRow(run, service);
    if (row) setStartType(run, row, wanted);
    return;
  }
  const now = readValue(run.machine, key, 'Start');
  if (now?.data !== START[wanted]) writeValue(run, key, 'Start', { kind: 'DWord', data: START[wanted] });
}

/** An account's password is kept elsewhere: the entry is for the value alone. */
function setAccount(run: Run, key: string, service: string): void {
  const wanted = AS_NETWORK_SERVICE.includes(service) ? NETWORK_SERVICE : 'LocalSystem';
  const now = readValue(run.machine, key, 'ObjectName');
  const before = valueText(now);
  if (same((before ?? '').replaceAll(' ', ''), wanted.replaceAll(' ', ''))) return;
  if (!isOnline(run)) {
    // The account last: cut short before it, a rerun still finds it.
    const type = readValue(run.machine, key, 'Type');
    if (type?.data !== OWN_PROCESS) writeValue(run, key, 'Type', { kind: 'DWord', data: OWN_PROCESS });
    writeValue(run, key, 'ObjectName', { kind: 'String', data: wanted });
    return;
  }
  begin(run, ['what=service-account', `target=${service}`, `before=${before ?? ''}`, `after=${wanted}`]);
  try {
    run.machine.services.configure(service, { account: wanted });
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    throw new ScriptError('ServiceNotConfigured', `sc.exe ended with ${String(error.code)}`);
  }
  noteWritten(run, 'service-account', service, before, wanted);
}
