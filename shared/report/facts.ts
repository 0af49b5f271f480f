/** A name with its value; `exact` values are ids and the like, shown so that they can be copied. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly exact?: boolean;
}

/** Facts of the values that are there. */
export function facts(rows: readonly (readonly [string, string | undefined, boolean?])[]): Fact[] {
  return rows.flatMap(([name, value, exact = false]) =>
    value === undefined || value === '' ? [] : [{ name, value, exact }],
  );
}
