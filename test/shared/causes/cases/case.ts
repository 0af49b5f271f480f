import type { Done, RepairOptions } from '../../../../shared/causes/cause.ts';
import type { Change, RegistryChange } from '../../../../shared/model/change.ts';
import type { Edit } from '../facts.ts';

/** One state of Windows, what must be seen of it, and what must be done about it. */
export interface Case {
  readonly what: string;
  readonly cause: string;
  readonly edits: readonly Edit[];
  readonly done?: readonly Done[];
  readonly options?: Partial<RepairOptions>;
  /** Findings of the cause: `!Code` a fault, `?Code` a warning, `Code` an information. */
  readonly finds: readonly string[];
  readonly changes: readonly Change[];
  /** Other causes that are at fault as well. */
  readonly beside?: readonly string[];
}

export const restart = (...services: ('SessionEnv' | 'TermService')[]): Change => ({
  do: 'Restart-RdpServices',
  services,
  pids: services.map((name) => (name === 'TermService' ? 1200 : 1300)),
});

type Data = number | string | null;
const typed = (data: Data) =>
  data === null
    ? null
    : typeof data === 'number'
      ? { kind: 'DWord' as const, data }
      : { kind: 'String' as const, data };

/** A plain change of the current control set. */
export function registry(
  path: string,
  name: string,
  before: Data,
  after: Data,
  set = 'CurrentControlSet',
): RegistryChange {
  const hive = set === '' ? 'software' : 'system';
  return { do: 'registry', hive, set, path, name, before: typed(before), after: typed(after) };
}
