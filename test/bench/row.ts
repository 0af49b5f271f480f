/** One line of the benchmark, as `bench/results.json` has it. */
export interface Row {
  readonly row: string;
  readonly figure: number;
  /** In words, `<= 1.05`. */
  readonly goal: string;
  readonly holds: boolean;
}

/** What a group of rows measured. */
export interface Measurement {
  /** In the virtual clock: the same at every run. */
  readonly virtual: readonly Row[];
  /** By this machine's own clock and memory. */
  readonly real: readonly Row[];
  /** For whoever reads along: what the figures are made of. */
  readonly detail: readonly string[];
}

/** A figure that is to be no more than its goal; both rounded alike. */
export function atMost(row: string, figure: number, goal: number, digits = 2): Row {
  const rounded = round(figure, digits);
  return { row, figure: rounded, goal: `<= ${String(goal)}`, holds: rounded <= goal };
}

/** A figure that is to be exactly its goal. */
export function exactly(row: string, figure: number, goal: number): Row {
  return { row, figure, goal: String(goal), holds: figure === goal };
}

export function round(figure: number, digits = 2): number {
  return Number(figure.toFixed(digits));
}

export function mean(figures: readonly number[]): number {
  return figures.length === 0 ? 0 : sum(figures) / figures.length;
}

export function sum(figures: readonly number[]): number {
  return figures.reduce((total, one) => total + one, 0);
}

/** Columns of words, aligned. */
export function table(lines: readonly (readonly (string | number)[])[]): string[] {
  const widths = lines.reduce<number[]>(
    (known, line) => line.map((cell, index) => Math.max(known[index] ?? 0, String(cell).length)),
    [],
  );
  return lines.map((line) =>
    line
      .map((cell, index) =>
        typeof cell === 'number'
          ? String(cell).padStart(widths[index] ?? 0)
          : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
