import type { OutcomeOfChange } from '../../../shared/model/change.ts';
import { same } from '../lookup.ts';
import type { ServiceStartType } from '../machine.ts';
import {
  readDescriptor,
  removeRegistryKey,
  removeRegistryValue,
  writeDescriptor,
  writeOwner,
} from '../seam.ts';
import { comparableAccess } from './access.ts';
import { ScriptError } from './answer.ts';
import { requireWmi } from './failure.ts';
import {
  entryNames,
  journalKey,
  owe,
  parentOf,
  putGaveWay,
  removeEmpty,
  settle,
  shownKey,
} from './journal.ts';
import { commandRule, fieldOf, ruleText, type Field } from './rules.ts';
import { attempt, hiveKey, noteWritten, type Run } from './run.ts';
import { restartServices, serviceRow, startService, stopService } from './services.ts';
import { hasKey, isSame, readText, readValue, valueText, writeRaw, type Standing } from './values.ts';

type Word = 'undone' | 'moved' | 'stands';
type Told = Pick<OutcomeOfChange, 'error'> & { word: Word | 'refused' };
type Entry = ReadonlyMap<string, readonly string[]>;

const SET = 'CurrentControlSet';
const GROUP_POLICY = /\\services\\gpsvc$/i;

/**
 * Takes back what the journal of a run says, newest first, as far as what was written still stands; each entry goes
 * when it is done, so that a run cut off goes on where it was. Twin of `guest/lib/undo.ps1`.
 */
export async function undoRun(run: Run, nonce: string, outcomes: OutcomeOfChange[]): Promise<void> {
  const key = journalKey(run, nonce);
  if (!hasKey(run.machine, key)) throw new ScriptError('JournalMissing', 'there is no journal of that run');
  owe(run, 'restart');
  const stopped = servicesToStart(run, nonce);
  const tell = async (what: string, target: string, undo: () => Told | Promise<Told>): Promise<void> => {
    run.wrote = [];
    let told: Told = { word: 'refused', error: null };
    const failure = await attempt(run, async () => {
      told = await undo();
    });
    if (outcomes.length >= 64) return;
    outcomes.push({
      change: outcomes.length,
      do: what,
      word: told.word,
      wrote: run.wrote,
      data: [{ name: 'target', value: target.slice(0, 256) }],
      error: failure ? { code: failure.code, text: failure.text } : told.error,
    });
  };
  for (const name of entryNames(run, nonce).toReversed()) {
    const entry = readEntry(run, nonce, name);
    const what = first(entry, 'what');
    // A service that was stopped is started below: its entry says so until then.
    if (what === 'service-stop') continue;
    await tell(what, first(entry, 'target'), () => ({ word: undoEntry(run, entry), error: null }));
    removeRegistryValue(run.machine, key, name);
  }
  // Whoever held the port gets it back before RDP looks for it.
  if (stopped.length > 0) {
    await attempt(run, async () => {
      await stopService(run, 'TermService');
    });
    for (const name of stopped) await tell('service-stop', name, () => undoStop(run, name));
  }
  run.wrote = [];
  await attempt(run, async () => {
    await restartServices(run, ['SessionEnv', 'TermService']);
  });
  // What a disabled TermService owes, its start pays.
  settle(run, 'restart');
  // Whoever gave way is back where they were.
  putGaveWay(run, []);
  removeRegistryKey(run.machine, key);
  removeEmpty(run, parentOf(key), parentOf(parentOf(key)));
}

/** Starts a service that was stopped, and says whether it runs. */
async function undoStop(run: Run, name: string): Promise<Told> {
  const started = await startService(run, name);
  if (started.code !== 0) return { word: 'refused', error: { ...started, text: started.text.slice(0, 256) } };
  noteWritten(run, 'service-run', name, 'Stopped', 'Running');
  return { word: 'undone', error: null };
}

function readEntry(run: Run, nonce: string, name: string): Entry {
  const value = readValue(run.machine, journalKey(run, nonce), name);
  const lines = value?.kind === 'MultiString' && Array.isArray(value.data) ? value.data : [];
  const entry = new Map<string, string[]>();
  for (const line of lines) {
    const at = line.indexOf('=');
    const word = line.slice(0, at);
    entry.set(word, [...(entry.get(word) ?? []), line.slice(at + 1)]);
  }
  return entry;
}

function first(entry: Entry, word: string): string {
  return entry.get(word)?.[0] ?? '';
}

/** In the order in which they were stopped, reversed: what others need comes first. */
function servicesToStart(run: Run, nonce: string): string[] {
  const names = entryNames(run, nonce)
    .map((name) => readEntry(run, nonce, name))
    .filter((entry) => first(entry, 'what') === 'service-stop')
    .map((entry) => first(entry, 'target'));
  return [...new Set(names.toReversed())];
}

function undoEntry(run: Run, entry: Entry): Word {
  const target = first(entry, 'target');
  const [before, after] = [first(entry, 'before'), first(entry, 'after')];
  switch (first(entry, 'what')) {
    case 'registry':
      return undoRegistry(run, entry);
    case 'service-start':
      return undoStartType(run, target, before, after);
    case 'service-account':
      return undoAccount(run, target, before, after);
    case 'firewall':
      return undoField(run, entry);
    case 'firewall-made':
      return undoRule(run, target);
    case 'access':
      return undoAccess(run, target, before, after);
    case 'access-owner':
      return undoOwner(run, target, before);
    default:
      // A certificate and its key are new by nature; a folder holds them.
      return 'stands';
  }
}

function undoRegistry(run: Run, entry: Entry): Word {
  const { machine } = run;
  const [key, name] = [first(entry, 'target'), first(entry, 'name')];
  const [before, after] = [valueIn(entry, 'before'), valueIn(entry, 'after')];
  const now = readValue(machine, key, name);
  const isPolicy = GROUP_POLICY.test(key) && same(name, 'Start');
  const wasHeld = isPolicy && isSame(before, { kind: 'DWord', data: 4 });
  if (!isSame(now, before)) {
    if (!isSame(now, after)) return 'moved';
    // Held off by us before: so it is again.
    const wasOwed = first(entry, 'owed').split(',').includes('group-policy');
    if (wasHeld && wasOwed) owe(run, 'group-policy');
    writeRaw(machine, key, name, before);
    noteWritten(run, 'registry', `${shownKey(run, key)}\\${name}`, valueText(now), valueText(before));
  }
  // Group Policy is as it was before us.
  if (isPolicy && !wasHeld) settle(run, 'group-policy');
  const made = first(entry, 'made');
  if (made !== '') removeEmpty(run, key, made);
  return 'undone';
}

function valueIn(entry: Entry, word: 'before' | 'after'): Standing {
  const data = [...(entry.get(word) ?? [])];
  switch (first(entry, `${word}-kind`)) {
    case 'DWord':
      return { kind: 'DWord', data: Number(data[0]) };
    case 'MultiString':
      return { kind: 'MultiString', data };
    case 'QWord':
      return { kind: 'QWord', data: data[0] ?? '' };
    case 'String':
      return { kind: 'String', data: data[0] ?? '' };
    case 'ExpandString':
      return { kind: 'ExpandString', data: data[0] ?? '' };
    case 'Binary':
      return { kind: 'Binary', data: data[0] ?? '' };
    case 'none':
      return null;
    default:
      return { kind: 'Malformed', data: data[0] ?? '' };
  }
}

const START_TYPES: Readonly<Record<string, ServiceStartType>> = {
  Automatic: 'Automatic',
  Manual: 'Manual',
  Disabled: 'Disabled',
};

function undoStartType(run: Run, name: string, before: string, after: string): Word {
  const now = serviceRow(run, name)?.startType ?? '';
  if (now === before) return 'undone';
  const startType = START_TYPES[before];
  if (now !== after || !startType) return 'moved';
  run.machine.services.configure(name, { startType });
  noteWritten(run, 'service-start', name, now, before);
  return 'undone';
}

/** By the value: another account's password is not ours to know. */
function undoAccount(run: Run, name: string, before: string, after: string): Word {
  const key = `${hiveKey(run, SET)}\\Services\\${name}`;
  const now = readText(run.machine, key, 'ObjectName') ?? '';
  if (now === before) return 'undone';
  if (now !== after) return 'moved';
  writeRaw(run.machine, key, 'ObjectName', { kind: 'String', data: before });
  noteWritten(run, 'service-account', name, now, before);
  return 'undone';
}

const FIELDS: readonly Field[] = ['active', 'off', 'action', 'port', 'profile', 'address'];

function undoField(run: Run, entry: Entry): Word {
  const name = first(entry, 'target');
  const field = FIELDS.find((one) => one === first(entry, 'field')) ?? 'active';
  const [before, after] = [first(entry, 'before'), first(entry, 'after')];
  const rule = ruleText(run, SET, name);
  const now = fieldOf(rule ?? '', field).join(',');
  if (rule !== undefined && now === before) return 'undone';
  if (rule === undefined || now !== after) return 'moved';
  commandRule(run, name, field, before);
  noteWritten(run, `firewall-${field}`, name, now, before);
  return 'undone';
}

function undoRule(run: Run, name: string): Word {
  if (ruleText(run, SET, name) === undefined) return 'undone';
  requireWmi(run.machine);
  run.machine.firewall.remove(name);
  noteWritten(run, 'firewall-make', name, 'made', null);
  return 'undone';
}

function undoAccess(run: Run, path: string, before: string, after: string): Word {
  const now = readDescriptor(run.machine, path).Sddl;
  if (comparableAccess(now) === comparableAccess(before)) return 'undone';
  if (comparableAccess(now) !== comparableAccess(after)) return 'moved';
  writeDescriptor(run.machine, path, before);
  noteWritten(run, 'access', path, now, before);
  return 'undone';
}

/** Written without a look: the owner before may be one who lets nobody look. */
function undoOwner(run: Run, path: string, before: string): Word {
  if (before === '') return 'stands';
  writeOwner(run.machine, path, before);
  noteWritten(run, 'access-owner', path, null, before);
  return 'undone';
}
