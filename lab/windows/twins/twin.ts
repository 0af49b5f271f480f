import type { ScriptOutcome, ScriptRun } from '../guest.ts';
import type { Machine } from '../machine.ts';

/**
 * What a script of `guest/` does, said once more in TypeScript over the lab's Windows, for machines without PowerShell. The two
 * must give the same answers and leave the same disks; tests run both.
 */
export type Twin = (machine: Machine, run: ScriptRun) => Promise<ScriptOutcome>;
