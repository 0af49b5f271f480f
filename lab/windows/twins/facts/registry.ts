import type { RegistryFact, RegistryKeyFact } from '../../../../shared/model/facts.ts';
import type { Machine } from '../../machine.ts';
import { readRegistryKey, type SeamValue } from '../../seam.ts';
import type { QueryRow } from '../constants.ts';
import type { Reading } from '../facts.ts';
import { unreadOf } from '../failure.ts';
import { setKey } from '../opened-windows.ts';

const LONGEST_DATA = 8192;

export function readQuery({ machine, windows, query }: Reading): RegistryKeyFact[] {
  const rows = query.flatMap((row) =>
    row.hive === 'software'
      ? [readRow(machine, row, '', `${windows.software}\\${row.path}`)]
      : windows.sets.map((set) => readRow(machine, row, set, `${setKey(windows, set)}\\${row.path}`)),
  );
  return rows.slice(0, 256);
}

function readRow(
  machine: Machine,
  { hive, path, names }: QueryRow,
  set: string,
  key: string,
): RegistryKeyFact {
  try {
    const values = readRegistryKey(machine, key, names)?.Values;
    const state = values ? 'here' : 'missing';
    return { hive, set, path, state, values: (values ?? []).slice(0, 64).map(factOf), error: null };
  } catch (thrown) {
    return { hive, set, path, state: 'unread', values: [], error: unreadOf(machine, thrown) };
  }
}

/** One that is longer than facts may be is of the kind `Other`: its beginning. */
function factOf({ Name: name, Kind: kind, Data: data }: SeamValue): RegistryFact {
  if (Array.isArray(data)) {
    const isTooLong = data.length > 512 || data.some((text) => text.length > 1024);
    return isTooLong ? { name, kind: 'Other', data: '' } : { name, kind, data };
  }
  if (typeof data === 'string' && data.length > LONGEST_DATA)
    return { name, kind: 'Other', data: data.slice(0, LONGEST_DATA) };
  return { name, kind, data };
}
