import type { ErrorCode } from '../error-codes.ts';
import { MedicError } from '../errors.ts';
import type { Instruction } from '../model/commands.ts';
import type { GuestAction } from '../model/finding.ts';
import type { OutcomeKind, StepRecord } from '../model/record.ts';
import type { Undo } from '../model/undo.ts';
import { TIMING } from './timing.ts';

/**
 * Which undo must work before anything else may be tried (docs/decisions/0005). Without its own OS disk
 * under it the VM is never started: it would come up on a half-repaired copy.
 */
const CRITICAL: Record<Undo['kind'], boolean> = {
  'delete-security-rule': false,
  'undo-guest-changes': false,
  'start-vm': false,
  'restore-os-disk': true,
};

/** Whether the failure of this undo forbids the ones that would follow. */
export function isCritical(undo: Undo): boolean {
  return CRITICAL[undo.kind];
}

/** What came of an undo. */
export interface TakenBack {
  /** Why something was left alone, a clause; missing where all was taken back. */
  readonly leftAlone?: string;
  readonly actions?: readonly GuestAction[];
  readonly evidence?: StepRecord['evidence'];
}

/** One sentence for the report. */
export function describeUndo(undo: Undo): string {
  switch (undo.kind) {
    case 'delete-security-rule':
      return `Delete the added security rule ${undo.rule.name}`;
    case 'undo-guest-changes':
      return 'Undo the changes in Windows';
    case 'start-vm':
      return 'Start the VM again: it was running before';
    case 'restore-os-disk':
      return undo.kept ? 'Swap the previous OS disk back in' : `Restore the original OS disk (${undo.way})`;
  }
}

/** Outcomes in which what was changed is what helped, or what is to hold once a policy is changed: it stays. */
const KEEPING: readonly OutcomeKind[] = ['healthy', 'repaired-online', 'repaired-offline', 'set-by-policy'];

/** Whether an undo is left out where a remediation ends so: whatever brings a VM up never is. */
export function isKept(undo: Undo, outcome: OutcomeKind): boolean {
  return KEEPING.includes(outcome) && !bringsUp(undo);
}

/** Undos without which the VM stays down, or off its own disk: they are tried for a day. */
export function bringsUp(undo: Undo): boolean {
  return undo.kind === 'start-vm' || undo.kind === 'restore-os-disk';
}

/** What waiting does not change: somebody else took the VM over, or another carries the remediation on. */
const FINAL: readonly string[] = ['Moved', 'Superseded'] satisfies ErrorCode[];

/** Whether Azure says that there is no such VM. */
export function saysGone(error: unknown): boolean {
  return error instanceof MedicError && error.code === 'VmNotFound';
}

/**
 * Whether bringing a VM up may still succeed after this error, so many seconds after the first try. Resource Manager may answer 404 for a
 * resource that is there, until all its regions know of it (learn.microsoft.com, azure-resource-manager/troubleshooting/error-not-found).
 */
export function isWorthAnotherTry(error: unknown, seconds: number): boolean {
  if (saysGone(error)) return seconds < TIMING.goneLimit;
  return !(error instanceof MedicError && FINAL.includes(error.code)) && seconds < TIMING.bringUpLimit;
}

/**
 * What to type where Windows could not be asked to take changes back.
 * @param runs numbers of the runs of changes that stay, newest first
 */
export function undoByHand(runs: readonly string[]): Instruction {
  return {
    words:
      'The changes in Windows could not be undone. Undo them on the VM as an administrator, in this order (docs/how-to-repair-by-hand.md says where to get apply.ps1).',
    commands: [
      {
        tool: 'windows',
        lines: runs.map(
          (run) => `powershell.exe -ExecutionPolicy Bypass -File apply.ps1 -Undo ${run} -Text only`,
        ),
      },
    ],
  };
}
