import { owesGroupPolicy } from '../../shared/causes/group-policy.ts';
import { MedicError } from '../../shared/errors.ts';
import type { Facts } from '../../shared/model/facts.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import type { UndoOf } from '../../shared/model/undo.ts';
import { actionsOf } from '../../shared/repair/outcomes.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import type { TakenBack } from '../../shared/repair/undo.ts';
import { awaitAgent } from './await-agent.ts';
import { someTries, sub, type Steps } from './durable.ts';
import { nonceOf } from './guest.ts';
import { understand } from './look.ts';
import { makerOf, mandateOf, type Run } from './run.ts';

/** An answer that was lost says nothing of what was done; sent again, it does what is left to do. */
export const SOME_SCRIPTS = someTries(TIMING.takeBackPause, ['GuestResultMissing', 'GuestScriptFailed']);

/**
 * Takes back, through the agent, what one run of changes wrote in the VM's Windows and nobody changed since; nothing where that run
 * left no journal: it wrote nothing, or it was taken back before.
 * @throws MedicError `AgentNotReady` where the VM has no agent to ask.
 */
export function* takeChangesBack(
  run: Run,
  { vmId, run: number }: UndoOf<'undo-guest-changes'>,
): Steps<TakenBack> {
  if (!(yield* awaitAgent(run.context, { vmId, waiting: mandateOf(run) }, TIMING.agentLimit)))
    throw new MedicError('AgentNotReady', `The agent of ${run.vm.name} does not report.`);
  const nonce = nonceOf(run);
  const { answer, evidence } = yield* sub(run.context, SUB_ORCHESTRATIONS.runGuestScript, {
    ...makerOf(run),
    vmId,
    task: { script: 'apply', windows: { scope: 'online' }, changes: [], undo: number },
    nonce,
    runName: `rdp-medic-${run.record.id.slice(-22)}-undo-${nonce.slice(0, 12)}`,
  });
  const { error, outcomes, facts } = answer;
  if (error && error.code !== 'JournalMissing')
    throw new MedicError('GuestScriptFailed', `apply: ${error.code}: ${error.message}`);
  if (facts) learnFrom(run, facts);
  const left = outcomes.filter(({ word }) => word === 'moved' || word === 'refused').length;
  return {
    actions: actionsOf(outcomes.map((outcome) => ({ outcome }))),
    evidence,
    ...(left > 0 && {
      leftAlone: `${String(left)} of the changes in Windows were changed again since, or could not be undone`,
    }),
  };
}

/** Windows as it is now: where RDP is to be asked, and whether Group Policy is held off. */
function learnFrom(run: Run, facts: Facts): void {
  run.policyHeldOff = owesGroupPolicy(facts);
  const { patient, rdpPort } = run;
  if (!patient) return;
  patient.look = { ...patient.look, facts };
  understand(run, patient);
  if (run.rdpPort !== rdpPort) run.ofMovedPort = [];
}
