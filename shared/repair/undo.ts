import type { ErrorCode } from '../error-codes.ts';
import { MedicError } from '../errors.ts';
import type { Undo } from '../model/undo.ts';
import { TIMING } from './timing.ts';

/**
 * Which undo must work before anything else may be tried (docs/decisions/0005). Without its own OS disk
 * under it the VM is never started: it would come up on a half-repaired copy.
 */
const CRITICAL: Record<Undo['kind'], boolean> = {
  'delete-security-rule': false,
  'start-vm': false,
  'restore-os-disk': true,
};

/** Whether the failure of this undo forbids the ones that would follow. */
export function isCritical(undo: Undo): boolean {
  return CRITICAL[undo.kind];
}

/** One sentence for the report. */
export function describeUndo(undo: Undo): string {
  switch (undo.kind) {
    case 'delete-security-rule':
      return `Delete the added security rule ${undo.rule.name}`;
    case 'start-vm':
      return 'Start the VM again: it ran when it was found';
    case 'restore-os-disk':
      return undo.kept
        ? 'Put the OS disk on which it was found back under the VM (swap)'
        : `Put the original OS disk back under the VM (${undo.way})`;
  }
}

/** Undos without which the VM stays down, or off its own disk: they are tried for a day. */
export function bringsUp(undo: Undo): boolean {
  return undo.kind === 'start-vm' || undo.kind === 'restore-os-disk';
}

/** What waiting does not change: the VM is gone, somebody else took it over, or another carries the remediation on. */
const FINAL: readonly string[] = ['VmNotFound', 'Moved', 'Superseded'] satisfies ErrorCode[];

/** Whether bringing a VM up may still succeed after this error, so many seconds after the first try. */
export function isWorthAnotherTry(error: unknown, seconds: number): boolean {
  return !(error instanceof MedicError && FINAL.includes(error.code)) && seconds < TIMING.bringUpLimit;
}
