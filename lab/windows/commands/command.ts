import * as z from 'zod';
import type { Machine } from '../machine.ts';

/** What PowerShell can send: named arguments of a cmdlet, or the argument list of a program. */
export type Argument = string | number | boolean | null | Argument[] | { [name: string]: Argument };
export type Arguments = Readonly<Record<string, Argument>>;

/** What a command gives back. The stand-in turns `$date` into PowerShell's own types. */
export type Output =
  string | number | boolean | null | undefined | readonly Output[] | { readonly [name: string]: Output };

/** The answer of a program: its (localised) text and its exit code. */
export interface ProgramOutput {
  lines: string[];
  exitCode: number;
}

/** One Windows command, by the name the stand-in sends. Throws `WindowsError` for what Windows refuses. */
export type Command = (machine: Machine, args: Arguments) => Output | Promise<Output>;

/** A program (`icacls.exe`): gets its arguments as typed, and what was piped to it. */
export type Program = (
  machine: Machine,
  args: readonly string[],
  answers?: readonly string[],
) => ProgramOutput | Promise<ProgramOutput>;

/** What one file of `commands/` contributes; collected in `index.ts`. */
export interface CommandSet {
  commands?: Readonly<Record<string, Command>>;
  programs?: Readonly<Record<string, Program>>;
  /** They ask WMI, by a class or by a module that is made from WMI classes. */
  throughWmi?: readonly string[];
}

export function textOf(args: Arguments, name: string): string {
  return z.coerce.string().parse(args[name]);
}

export function optionalText(args: Arguments, name: string): string | undefined {
  const value = args[name];
  return value === undefined || value === null ? undefined : textOf(args, name);
}

export function numberOf(args: Arguments, name: string): number {
  return z.coerce.number().parse(args[name]);
}

export function isSet(args: Arguments, name: string): boolean {
  return args[name] === true;
}

/** One or several texts, as PowerShell binds them. */
export function listOf(args: Arguments, name: string): string[] {
  const value = args[name];
  if (value === undefined || value === null) return [];
  return [value].flat().map((item) => z.coerce.string().parse(item));
}

/** A point in time that becomes a `DateTime`. */
export function date(time: number): Output {
  return { $date: new Date(time).toISOString() };
}

export function lines(...text: string[]): ProgramOutput {
  return { lines: text, exitCode: 0 };
}

export function failure(exitCode: number, ...text: string[]): ProgramOutput {
  return { lines: text, exitCode };
}
