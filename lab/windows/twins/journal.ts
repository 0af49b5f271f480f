import { readRegistryKey, removeRegistryKey, removeRegistryValue } from '../seam.ts';
import { ScriptError } from './answer.ts';
import { isOnline, noteWritten, type Run } from './run.ts';
import { hasKey, readText, readValue, valueText, writeRaw, type Standing } from './values.ts';

const ROOT = 'RDP Medic';
/** Journals of so many runs are kept, and so many entries in each. */
const MOST_JOURNALS = 24;
const MOST_ENTRIES = 200;

export type Owed = 'restart' | 'group-policy';

/** What a change owes until a later one, or a later run, has done it. Twin of `guest/lib/journal.ps1`. */
export function owedOf(run: Run): string[] {
  return listAt(run, 'owed');
}

export function isOwed(run: Run, word: Owed): boolean {
  return owedOf(run).includes(word);
}

export function owe(run: Run, word: Owed): void {
  if (!isOwed(run, word)) putList(run, 'owed', [...owedOf(run), word]);
}

export function settle(run: Run, word: Owed): void {
  if (!isOwed(run, word)) return;
  putList(
    run,
    'owed',
    owedOf(run).filter((one) => one !== word),
  );
}

/** What gave way to RDP, to be given back if RDP moves all the same: `port=3389`, then `W3SVC=Automatic`. */
export function gaveWay(run: Run): string[] {
  return listAt(run, 'gave-way');
}

export function putGaveWay(run: Run, list: readonly string[]): void {
  putList(run, 'gave-way', list);
}

function owedKey({ windows }: Run): string {
  return `${windows.software}\\${ROOT}\\Owed`;
}

function listAt(run: Run, name: string): string[] {
  const value = readValue(run.machine, owedKey(run), name);
  return value?.kind === 'MultiString' && Array.isArray(value.data) ? value.data : [];
}

function putList(run: Run, name: string, list: readonly string[]): void {
  const key = owedKey(run);
  if (list.length > 0) {
    writeRaw(run.machine, key, name, { kind: 'MultiString', data: [...list] });
    return;
  }
  const found = readRegistryKey(run.machine, key);
  if (!found) return;
  if (found.Values.some(({ Name }) => Name !== name)) {
    removeRegistryValue(run.machine, key, name);
    return;
  }
  removeRegistryKey(run.machine, key);
  removeEmpty(run, parentOf(key), parentOf(key));
}

/** A write is about to be made: what it owes is written down, then what it takes to take it back. */
export function begin(run: Run, entry: readonly string[]): void {
  if (!isOnline(run)) return;
  if (run.restartFollows) owe(run, 'restart');
  const key = journalKey(run, run.nonce);
  if (!hasKey(run.machine, key)) {
    dropOldJournals(run);
    const at = `${new Date(run.machine.now()).toISOString().slice(0, 19)}Z`;
    writeRaw(run.machine, key, 'at', { kind: 'String', data: at });
  }
  const last = entryNames(run, run.nonce).at(-1) ?? '0';
  if (Number(last) >= MOST_ENTRIES)
    throw new ScriptError('JournalFull', 'the journal of this run holds no more entries');
  const name = String(Number(last) + 1).padStart(4, '0');
  writeRaw(run.machine, key, name, { kind: 'MultiString', data: [...entry] });
}

export function journalKey({ windows }: Run, nonce: string): string {
  return `${windows.software}\\${ROOT}\\Journal\\${nonce}`;
}

/** Oldest first. */
export function entryNames(run: Run, nonce: string): string[] {
  const values = readRegistryKey(run.machine, journalKey(run, nonce))?.Values ?? [];
  return values
    .map(({ Name }) => Name)
    .filter((name) => /^\d{4}$/.test(name))
    .sort();
}

function dropOldJournals(run: Run): void {
  const root = `${run.windows.software}\\${ROOT}\\Journal`;
  const oldestFirst = (readRegistryKey(run.machine, root, ['-'])?.Subkeys ?? [])
    .map((nonce) => `${readText(run.machine, `${root}\\${nonce}`, 'at') ?? ''} ${nonce}`)
    .sort();
  for (const row of oldestFirst.slice(0, Math.max(0, oldestFirst.length + 1 - MOST_JOURNALS)))
    removeRegistryKey(run.machine, `${root}\\${row.slice(row.lastIndexOf(' ') + 1)}`);
}

/** Deletes a key, and those above it up to one of them, as far as they hold nothing. */
export function removeEmpty(run: Run, key: string, upTo: string): void {
  for (let at = key; at.length >= upTo.length && at.length > 0; at = parentOf(at)) {
    const found = readRegistryKey(run.machine, at);
    if (!found) continue;
    if (found.Values.length > 0 || found.Subkeys.length > 0) return;
    removeRegistryKey(run.machine, at);
  }
}

export function parentOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf('\\')));
}

/** Writes (`null`: deletes) a registry value, with its entry, and notes it. Gives back what stands there afterwards. */
export function writeValue(run: Run, key: string, name: string, after: Standing): Standing {
  const before = readValue(run.machine, key, name);
  if (before === null && after === null) return null;
  begin(run, [
    'what=registry',
    `target=${key}`,
    `name=${name}`,
    `made=${firstMissing(run, key)}`,
    `owed=${owedOf(run).join(',')}`,
    ...valueLines('before', before),
    ...valueLines('after', after),
  ]);
  writeRaw(run.machine, key, name, after);
  const now = readValue(run.machine, key, name);
  noteWritten(run, 'registry', `${shownKey(run, key)}\\${name}`, valueText(before), valueText(now));
  return now;
}

function valueLines(word: string, value: Standing): string[] {
  const data = value === null ? [] : [value.data].flat();
  return [`${word}-kind=${value?.kind ?? 'none'}`, ...data.map((item) => `${word}=${String(item)}`)];
}

/** The topmost of the keys that a write has to make; '' where all are there. */
function firstMissing({ machine }: Run, key: string): string {
  let missing = '';
  for (let at = key; at.includes('\\') && !hasKey(machine, at); at = parentOf(at)) missing = at;
  return missing;
}

/** By the hive's own name, also where it is loaded under one of ours. */
export function shownKey({ windows }: Run, key: string): string {
  const below = (root: string): string => key.slice(root.length);
  return key.startsWith(`${windows.system}\\`)
    ? `SYSTEM${below(windows.system)}`
    : `SOFTWARE${below(windows.software)}`;
}
