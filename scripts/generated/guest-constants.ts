import type { RegistryDomain, RegistryQuery } from '../../shared/causes/cause.ts';
import { EVIDENCE } from '../../shared/causes/evidence/index.ts';
import { helpful } from '../../shared/causes/evidence/helpful.ts';
import type { CauseFile } from './causes.ts';
import { allRecipes } from './recipes.ts';

/** All that `guest/collect.ps1` reads of the registry, each key once. */
export function registryQuery(causes: readonly CauseFile[]): RegistryQuery[] {
  const reads = [...causes.map(({ cause }) => cause), ...EVIDENCE].flatMap(({ reads }) => reads);
  const byKey = Map.groupBy(reads, ({ hive, path }) => `${hive}\\${path}`.toLowerCase());
  return [...byKey.values()]
    .flatMap(([first, ...more]) =>
      first === undefined ? [] : [{ hive: first.hive, path: first.path, names: namesOf([first, ...more]) }],
    )
    .toSorted(byPlace);
}

function namesOf(queries: readonly RegistryQuery[]): string[] {
  return [...new Set(queries.flatMap(({ names }) => names))].toSorted();
}

/** All that `guest/apply.ps1` may write to the registry as a plain change, each value once. */
export function allowedWrites(causes: readonly CauseFile[]): RegistryDomain[] {
  const writes = [...causes.map(({ cause }) => cause), helpful].flatMap(({ writes }) => writes);
  const byValue = Map.groupBy(writes, ({ hive, path, name }) => `${hive}\\${path}\\${name}`.toLowerCase());
  return [...byValue.values()]
    .flatMap(([first, ...more]) => {
      if (first === undefined) return [];
      const after = [first, ...more].flatMap((domain) => domain.after);
      const once = new Map(after.map((data) => [JSON.stringify(data), data]));
      return [{ hive: first.hive, path: first.path, name: first.name, after: [...once.values()] }];
    })
    .toSorted(byPlace);
}

interface Place {
  readonly hive: string;
  readonly path: string;
  readonly name?: string;
}

function byPlace(one: Place, other: Place): number {
  const place = ({ hive, path, name = '' }: Place): string => `${hive}\\${path}\\${name}`;
  return place(one) < place(other) ? -1 : 1;
}

export function recipes(causes: readonly CauseFile[]) {
  return allRecipes(causes).map(({ id, changes }) => ({ id, changes }));
}

/** A constant of a script; JSON of ours holds no line that would end the here-string. */
function constant(name: string, value: unknown): string {
  return `$script:${name} = ConvertFrom-Json -InputObject @'\n${JSON.stringify(value)}\n'@\n`;
}

const HEAD = '# Written by `npm run generate` from shared/causes: ';

/** `guest/lib/query.ps1`. */
export function queryFile(causes: readonly CauseFile[]): string {
  return `${HEAD}the registry values that are read, a constant.\n${constant('RegistryQuery', registryQuery(causes))}`;
}

/** `guest/lib/allowed.ps1`. */
export function allowedFile(causes: readonly CauseFile[]): string {
  return [
    `${HEAD}the registry values that may be written, each with all that may stand there afterwards,\n`,
    '# and the fixed cures that are run by name.\n',
    constant('AllowedWrites', allowedWrites(causes)),
    constant('Recipes', recipes(causes)),
  ].join('');
}
