/** The key of a record as it is spelled there, whatever the case asked for: Windows' names have none. */
export function spelling(record: Readonly<Record<string, unknown>>, key: string): string | undefined {
  if (Object.hasOwn(record, key)) return key;
  return Object.keys(record).find((candidate) => same(candidate, key));
}

/** The entry of a record, whatever the case asked for. */
export function lookUp<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  const found = spelling(record, key);
  return found === undefined ? undefined : record[found];
}

/** Direct children among backslash paths: `a\b` and `a\b\c` are both below `a`, whose child is `b`. */
export function childNames(paths: Iterable<string>, parent: string): string[] {
  const prefix = parent === '' ? '' : `${parent}\\`;
  const last = prefix.length - 1;
  const names = new Map<string, string>();
  for (const path of paths) {
    // A hive has thousands of paths: few have the backslash at the right place.
    if (path[last] !== prefix[last] || !same(path.slice(0, prefix.length), prefix)) continue;
    const name = path.slice(prefix.length).split('\\')[0];
    if (name) names.set(name.toLowerCase(), names.get(name.toLowerCase()) ?? name);
  }
  return [...names.values()];
}

/** Equal but for case. Windows folds letter by letter, so that names of two lengths need no closer look. */
export function same(one: string, other: string): boolean {
  return one.length === other.length && (one === other || one.toLowerCase() === other.toLowerCase());
}
