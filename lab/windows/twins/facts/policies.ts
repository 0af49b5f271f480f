import type { Facts } from '../../../../shared/model/facts.ts';
import { same } from '../../lookup.ts';
import type { Machine } from '../../machine.ts';
import type { Reading } from '../facts.ts';
import { requireWmi } from '../failure.ts';

/** Values of the query that Group Policy sets; of several objects the one that wins. */
export function readPolicies({ machine, query }: Reading): Facts['policies']['items'] {
  requireWmi(machine);
  const settings = machine.policy.rsop();
  const policies = machine.policy.appliedGpos();
  return query.flatMap(({ hive, path, names }) =>
    names.flatMap((name) => {
      const end = `\\${path}`.toLowerCase();
      const [winner] = settings
        .filter(
          ({ registryKey, valueName }) => registryKey.toLowerCase().endsWith(end) && same(valueName, name),
        )
        .toSorted((one, other) => one.precedence - other.precedence);
      if (!winner) return [];
      const gpo = policies.find(({ id }) => same(id, winner.gpoId))?.name ?? '';
      const root = hive === 'software' ? 'SOFTWARE' : 'SYSTEM\\CurrentControlSet';
      return [{ key: `${root}\\${path}`, name, gpo: gpo.slice(0, 256) }];
    }),
  );
}

export function readAppliedPolicies(machine: Machine): string[] {
  requireWmi(machine);
  return machine.policy.appliedGpos().map(({ name }) => name.slice(0, 256));
}
