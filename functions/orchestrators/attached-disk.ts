import { helpfulChanges } from '../../shared/causes/evidence/helpful.ts';
import type { Done } from '../../shared/causes/cause.ts';
import { CAUSES } from '../../shared/causes/index.ts';
import { MedicError } from '../../shared/errors.ts';
import type { Change } from '../../shared/model/change.ts';
import { factsBefore, type GuestAnswer } from '../../shared/model/guest-answer.ts';
import type { WindowsAt } from '../../shared/model/guest-run.ts';
import { judge } from '../../shared/repair/diagnosis.ts';
import { wroteSomething } from '../../shared/repair/outcomes.ts';
import { identity, planChanges } from '../../shared/repair/plan-changes.ts';
import { doneBeyond } from '../../shared/repair/rehearsal.ts';
import type { Steps } from './durable.ts';
import { applying, mend, runScript, takeIn, type Patient, type Plan } from './guest.ts';
import { repairOptionsOf, type Run, type StepDraft } from './run.ts';

/** Looks at the Windows on a disk that is attached to a rescue VM. @throws MedicError where it cannot be looked at. */
export function* lookAtDisk(
  run: Run,
  draft: StepDraft,
  rescueVmId: string,
  windows: WindowsAt,
): Steps<Patient> {
  const { facts, error } = yield* runScript(run, draft, rescueVmId, { script: 'collect', windows });
  if (!facts) throw offlineError(error);
  return { vmId: rescueVmId, windows, look: { facts, done: [], options: repairOptionsOf(run) } };
}

/** Throws where these changes may not be made. */
export type MayBeDone = (changes: readonly Change[], round: number) => void;

export interface Mended {
  readonly done: readonly Done[];
  /** The changes that the first look asked for. */
  readonly first: readonly Change[];
  /** Whether anything was written for what is at fault: what only helps a person does not count. */
  readonly mended: boolean;
}

/**
 * Changes for what was seen, another look, and once more where that shows something new; with the first what helps a person: serial
 * console and dumps. @throws MedicError where the disk may not be whole afterwards.
 */
export function* mendDisk(run: Run, draft: StepDraft, patient: Patient): Steps<Mended> {
  const planned = planOf(patient, () => undefined);
  const done = yield* mend(run, draft, patient, planned.plan);
  return endOf(draft, done, planned);
}

/** A disk that is to be mended as another copy of it was. */
interface AsRehearsed {
  at: Pick<Patient, 'vmId' | 'windows'>;
  changes: readonly Change[];
  /** Told of Windows as the changes met it. */
  met: (patient: Patient) => MayBeDone;
}

/**
 * The same with changes that were rehearsed, all in one run, which looks at Windows before them too. What they met is judged as
 * strictly as if it had been looked at beforehand: a copy on which more was done than it asks for is thrown away.
 * @throws MedicError also `PlanChanged`.
 */
export function* mendAsRehearsed(
  run: Run,
  draft: StepDraft,
  { at, changes, met }: AsRehearsed,
): Steps<Mended & { patient: Patient }> {
  const answer = yield* runScript(run, draft, at.vmId, applying(at.windows, changes, true));
  const facts = factsBefore(answer);
  if (!facts) throw offlineError(answer.error);
  const patient: Patient = { ...at, look: { facts, done: [], options: repairOptionsOf(run) } };
  const planned = planOf(patient, met(patient));
  const asked = planned.plan(patient.look, 1);
  takeIn(draft, patient, changes, answer);
  const done = [...patient.look.done];
  const beyond = doneBeyond(asked, done);
  if (beyond !== undefined) throw new MedicError('PlanChanged', beyond);
  if (answer.facts) done.push(...(yield* mend(run, draft, patient, planned.plan, 2)));
  return { ...endOf(draft, done, planned), patient };
}

interface Planned {
  plan: Plan;
  /** What the first look asks for. */
  first: Change[];
  /** What of it only helps a person. */
  helpful: Set<string>;
}

/** What is planned for a disk, by the faults that the first look shows. */
function planOf(patient: Patient, mayBeDone: MayBeDone): Planned {
  const { faults } = judge(patient.look);
  const causes = CAUSES.filter(({ id }) => faults.includes(id));
  const first: Change[] = [];
  const helpful = new Set<string>();
  const plan: Plan = (look, round) => {
    const planned = planChanges(look, causes);
    const more = round === 1 && planned.length > 0 ? helpfulChanges(look) : [];
    for (const change of more) helpful.add(identity(change));
    const changes = [...planned, ...more];
    if (round === 1) first.push(...changes);
    mayBeDone(changes, round);
    return changes;
  };
  return { plan, first, helpful };
}

function endOf({ error }: StepDraft, done: readonly Done[], { first, helpful }: Planned): Mended {
  // A hive still loaded, or a volume not flushed, would be a corrupted disk under the VM.
  if (error) throw new MedicError('GuestScriptFailed', error.message);
  return { done, first, mended: wroteSomething(done.filter(({ change }) => !helpful.has(identity(change)))) };
}

function offlineError(error: GuestAnswer['error']): MedicError {
  const { code, message } = error ?? {
    code: 'NoFacts',
    message: 'The Windows installation on the disk could not be examined.',
  };
  return new MedicError(
    code === 'DiskIdentityCollision' ? 'DiskIdentityCollision' : 'GuestScriptFailed',
    `${code}: ${message}`,
  );
}
