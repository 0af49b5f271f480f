import type { SQLOutputValue } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

/** @throws TypeError when the column does not hold text */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`Column ${column} of the state file holds no text.`);
  return value;
}

/** @throws TypeError when the column holds something else than text or nothing */
export function optionalText(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** @throws TypeError when the column does not hold a number */
export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`Column ${column} of the state file holds no number.`);
  return value;
}

/** @throws TypeError when the column holds something else than a number or nothing */
export function optionalNumber(row: Row, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}
