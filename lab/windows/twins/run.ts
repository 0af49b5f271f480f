import type { OutcomeOfChange, Written } from '../../../shared/model/change.ts';
import type { Machine } from '../machine.ts';
import { unreadOf } from './failure.ts';
import type { OpenedWindows } from './opened-windows.ts';

/** Most of a list that an outcome may hold. */
const MOST_WRITTEN = 64;
const MOST_DATA = 16;
const LONGEST_TEXT = 512;
const LONGEST_DATA = 256;
const POLL_SECONDS = 2;

/** What the hands hold while they work: the twin of `$script:Run` of `guest/lib/run.ps1`. */
export interface Run {
  readonly machine: Machine;
  readonly windows: OpenedWindows;
  readonly nonce: string;
  /** By hand: the fixed cure is written whatever stood there, and services are restarted whoever they were. */
  readonly byHand: boolean;
  /** A later change of the list restarts RDP's services: what is written before it owes that restart. */
  restartFollows: boolean;
  /** Seconds that the change under way may still wait. */
  patience: number;
  wrote: Written[];
  data: OutcomeOfChange['data'];
}

export function isOnline({ windows }: Run): boolean {
  return windows.scope === 'online';
}

/** Key of a control set, or of SOFTWARE ('' ), below HKLM. */
export function hiveKey({ windows }: Run, set: string): string {
  return set === '' ? windows.software : `${windows.system}\\${set}`;
}

export function noteWritten(
  run: Run,
  what: string,
  target: string,
  before: string | null,
  after: string | null,
): void {
  const cut = (text: string | null): string | null => text && text.slice(0, LONGEST_TEXT);
  if (run.wrote.length < MOST_WRITTEN)
    run.wrote.push({ what, target: target.slice(0, LONGEST_TEXT), before: cut(before), after: cut(after) });
}

export function noteData(run: Run, name: string, value: string | number | boolean): void {
  const cut = typeof value === 'string' ? value.slice(0, LONGEST_DATA) : value;
  if (run.data.length < MOST_DATA) run.data.push({ name, value: cut });
}

/** Looks every two seconds until it is so, or the time is over; whether it came to be so. */
export async function waitUntil(
  run: Run,
  seconds: number,
  isSo: (waited: number) => boolean,
): Promise<boolean> {
  for (let waited = 0; ; waited += POLL_SECONDS) {
    if (isSo(waited)) return true;
    if (waited >= seconds || run.patience <= 0) return false;
    run.patience -= POLL_SECONDS;
    await run.machine.sleep(POLL_SECONDS);
  }
}

/** What was thrown on the way, as an outcome tells it. */
export interface Failure {
  code: number;
  text: string;
  thrown: unknown;
}

/** Does it; what is thrown is given back instead. A killed script catches nothing. */
export async function attempt(run: Run, act: () => void | Promise<void>): Promise<Failure | undefined> {
  try {
    await act();
    return undefined;
  } catch (thrown) {
    return { ...unreadOf(run.machine, thrown), thrown };
  }
}
