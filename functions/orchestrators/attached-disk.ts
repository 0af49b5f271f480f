import { helpfulChanges } from '../../shared/causes/evidence/helpful.ts';
import type { Done } from '../../shared/causes/cause.ts';
import { CAUSES } from '../../shared/causes/index.ts';
import { MedicError } from '../../shared/errors.ts';
import type { Change } from '../../shared/model/change.ts';
import type { GuestAnswer } from '../../shared/model/guest-answer.ts';
import { judge } from '../../shared/repair/diagnosis.ts';
import { wroteSomething } from '../../shared/repair/outcomes.ts';
import { planChanges } from '../../shared/repair/plan-changes.ts';
import type { Steps } from './durable.ts';
import { mend, runScript, type Patient } from './guest.ts';
import { repairOptionsOf, type Run, type StepDraft } from './run.ts';

/** Looks at the Windows on a disk that is attached to a rescue VM. @throws MedicError where it cannot be looked at. */
export function* lookAtDisk(run: Run, draft: StepDraft, rescueVmId: string, lun: number): Steps<Patient> {
  const windows = { scope: 'offline', lun } as const;
  const { facts, error } = yield* runScript(run, draft, rescueVmId, { script: 'collect', windows });
  if (!facts) throw offlineError(error);
  return { vmId: rescueVmId, windows, look: { facts, done: [], options: repairOptionsOf(run) } };
}

/** Throws where these changes may not be made. */
export type MayBeDone = (changes: readonly Change[], round: number) => void;

export interface Mended {
  readonly done: readonly Done[];
  /** Whether anything was written for what is at fault: what only helps a person does not count. */
  readonly mended: boolean;
}

/**
 * Changes for what was seen, another look, and once more where that shows something new; with the first what helps a person: serial
 * console and dumps. @throws MedicError where the disk may not be whole afterwards.
 */
export function* mendDisk(
  run: Run,
  draft: StepDraft,
  patient: Patient,
  mayBeDone: MayBeDone = () => undefined,
): Steps<Mended> {
  const helpful = new Set<Change>();
  const { faults } = judge(patient.look);
  const causes = CAUSES.filter(({ id }) => faults.includes(id));
  const done = yield* mend(run, draft, patient, (look, round) => {
    const planned = planChanges(look, causes);
    const more = round === 1 && planned.length > 0 ? helpfulChanges(look) : [];
    for (const change of more) helpful.add(change);
    const changes = [...planned, ...more];
    mayBeDone(changes, round);
    return changes;
  });
  // A hive still loaded, or a volume not flushed, would be a corrupted disk under the VM.
  if (draft.error) throw new MedicError('GuestScriptFailed', draft.error.message);
  return { done, mended: wroteSomething(done.filter(({ change }) => !helpful.has(change))) };
}

function offlineError(error: GuestAnswer['error']): MedicError {
  const { code, message } = error ?? {
    code: 'NoFacts',
    message: 'The Windows on the disk could not be looked at.',
  };
  return new MedicError(
    code === 'DiskIdentityCollision' ? 'DiskIdentityCollision' : 'GuestScriptFailed',
    `${code}: ${message}`,
  );
}
