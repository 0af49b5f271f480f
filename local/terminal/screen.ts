import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Prints a line; colours only where the terminal shows them. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Colours and weights, only where the stream shows them. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** A table whose columns are as wide as they must be; the last one as long as it likes. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [paint('bold', line(head)), ...rows.map(line)].join('\n');
}

/** `4:05`, minutes and seconds; `1:04:05` from an hour on. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const two = (part: number): string => String(part % 60).padStart(2, '0');
  return minutes < 60
    ? `${String(minutes)}:${two(seconds)}`
    : `${String(Math.floor(minutes / 60))}:${two(minutes)}:${two(seconds)}`;
}
