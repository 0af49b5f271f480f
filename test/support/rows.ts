/**
 * How much of the tests is run: `npm test` runs some rows of each large table, always the same, and so says in minutes what most changes
 * break; `RDP_MEDIC_TESTS=rows` runs every row, as a workflow does each night, and `RDP_MEDIC_TESTS=all` every script in real PowerShell as well.
 */
const ASKED_FOR = process.env['RDP_MEDIC_TESTS'] ?? 'some';

/** Why not every row of a large table is run; `undefined` where it is. */
export const whyNotAllRows = ASKED_FOR === 'some' ? 'not asked for by RDP_MEDIC_TESTS=rows' : undefined;

/** Why not every script is run in real PowerShell; `undefined` where it is. */
export const whyNotAllScripts = ASKED_FOR === 'all' ? undefined : 'not asked for by RDP_MEDIC_TESTS=all';

/** Whether a row of a large table is run, by its place: the first, and then one in so many. */
export function isRun(index: number, oneIn: number): boolean {
  return whyNotAllRows === undefined || index % oneIn === 0;
}

/** `it.each` for a large table of which one row in so many is run everywhere; the others are counted as skipped, with the reason. */
export function eachOf<Row>(
  rows: readonly Row[],
  oneIn: number,
): (title: string, test: (row: Row) => unknown, timeout?: number) => void {
  return (title, test, timeout) => {
    const some = rows.filter((_, index) => isRun(index, oneIn));
    const rest = rows.filter((row) => !some.includes(row));
    it.each(some)(title, test, timeout);
    if (rest.length > 0) it.skip.each(rest)(`${title} (skipped: ${String(whyNotAllRows)})`, test);
  };
}

/** `describe.each`, in the same way. */
export function describeEachOf<Row>(
  rows: readonly Row[],
  oneIn: number,
): (title: string, tests: (row: Row) => void) => void {
  return (title, tests) => {
    for (const [index, row] of rows.entries()) {
      if (isRun(index, oneIn)) describe.each([row])(title, tests);
      else describe.skip.each([row])(`${title} (skipped: ${String(whyNotAllRows)})`, tests);
    }
  };
}

/** A test that takes so long that it is run only where every row is. */
export function inRows(title: string, test: () => Promise<void>, timeout?: number): void {
  if (whyNotAllRows === undefined) it(title, test, timeout);
  else it.skip(`${title} (skipped: ${whyNotAllRows})`, test, timeout);
}

/** Tests of a whole file that takes so long that it is run only where every row is. */
export function describeInRows(title: string, tests: () => void): void {
  if (whyNotAllRows === undefined) describe(title, tests);
  else describe.skip(`${title} (skipped: ${whyNotAllRows})`, tests);
}
