import type { PLAIN_OUTCOMES, RegistryChange } from '../../../shared/model/change.ts';
import { isOwed, owe, settle, writeValue } from './journal.ts';
import { hiveKey, noteData, type Run } from './run.ts';
import { isAsBefore, isSame, readValue, valueText } from './values.ts';

type Word = (typeof PLAIN_OUTCOMES)[number];

const GROUP_POLICY_SERVICE = 'services\\gpsvc';
const DISABLED = 4;

/** Compares, writes, reads back. Twin of `guest/lib/plain.ps1`. */
export function applyPlain(run: Run, change: RegistryChange): Word {
  const { path, name, before, after } = change;
  const key = `${hiveKey(run, change.set)}\\${path}`;
  const now = readValue(run.machine, key, name);
  if (isSame(now, after)) return 'stands';
  if (!run.byHand && !isAsBefore(now, before)) {
    noteData(run, 'stands', valueText(now) ?? '-');
    return 'moved';
  }
  const holdsPolicy =
    path.toLowerCase() === GROUP_POLICY_SERVICE &&
    name.toLowerCase() === 'start' &&
    isSame(after, { kind: 'DWord', data: DISABLED });
  const owedAlready = isOwed(run, 'group-policy');
  if (holdsPolicy) owe(run, 'group-policy');
  try {
    if (isSame(writeValue(run, key, name, after), after)) return 'written';
  } catch (error) {
    // Nothing was held off, so nothing is owed. A killed script does not come here alive.
    if (holdsPolicy && !owedAlready) settle(run, 'group-policy');
    throw error;
  }
  noteData(run, 'stands', valueText(readValue(run.machine, key, name)) ?? '-');
  return 'refused';
}
