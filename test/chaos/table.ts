import type { Outcome } from './rows.ts';

/** A line of the table. */
export interface Told {
  row: string;
  figure: string;
  goal: string;
  holds: boolean;
}

/** Adds the parts of each row up. */
export function added(outcomes: readonly Outcome[]): Outcome[] {
  const byRow = Map.groupBy(outcomes, ({ row }) => row);
  return [...byRow.values()].flatMap((parts) => {
    const [first] = parts;
    if (!first) return [];
    const counts: Record<string, number> = {};
    for (const part of parts)
      for (const [what, count] of Object.entries(part.counts)) counts[what] = (counts[what] ?? 0) + count;
    return [{ ...first, counts, wrong: parts.flatMap(({ wrong }) => wrong) }];
  });
}

export function tell({ row, goal, counts, wrong }: Outcome): Told {
  const figure = [...Object.entries(counts), ['wrong', wrong.length] as const]
    .map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
    .join(', ');
  return { row, figure, goal, holds: wrong.length === 0 };
}
