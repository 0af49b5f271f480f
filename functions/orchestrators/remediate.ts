import type { OrchestrationContext } from 'durable-functions';
import type { OutcomeKind } from '../../shared/model/record.ts';
import type { Steps } from './durable.ts';
import { checkPreflight, diagnose, isWellAfterAll, isWellInside, probeBefore } from './look.ts';
import { beginSnapshotAhead, snapshotOsDisk } from './snapshot.ts';
import { approvedForOffline } from './approval.ts';
import { askAgain } from './ask-again.ts';
import type { Conclusion } from './conclude.ts';
import { follow } from './follow.ts';
import { enableTls, freeRdpPort, renewCertificateAndKeys } from './repair-online.ts';
import { makeReady, onlyOfflineIsLeft } from './rehearse.ts';
import { repairOffline } from './repair-offline.ts';
import { restrictRdp } from './restrict-rdp.ts';
import { isForAPerson } from '../../shared/repair/diagnosis.ts';
import type { Run } from './run.ts';
import { registerOrchestrator } from './versions.ts';

const NO_SCRIPT_RUNS =
  'No script could run in the VM: its agent does not report Ready, or the diagnosis gave no result. The repair continued offline.';

/**
 * The runbook, top to bottom: what is repaired, in which order, and when to stop. It chooses; it never acts.
 * Whatever happens, the VM ends repaired or as it was found, nothing is left behind, and a report says why.
 */
export function* remediate(context: OrchestrationContext): Steps<Conclusion> {
  return yield* follow(context, followRunbook);
}

function* followRunbook(run: Run): Steps<OutcomeKind> {
  const { mode } = run.input.request;
  const { refusals, offlineBlockers } = yield* checkPreflight(run);
  if (refusals.length > 0) return 'refused';

  yield* probeBefore(run);
  if (run.probe?.state === 'healthy') return 'healthy';
  yield* beginSnapshotAhead(run);
  if (run.vm.agentReady) yield* diagnose(run);
  if (yield* isWellAfterAll(run)) return 'healthy';
  if (mode === 'diagnose') return 'diagnosed';

  yield* snapshotOsDisk(run, onlyOfflineIsLeft(run, offlineBlockers));
  const online = mode === 'rehearse' ? undefined : yield* repairOnline(run);
  if (online) return online;

  if (mode === 'online') return 'not-fixed';
  if (offlineBlockers.length > 0) {
    run.record.refusals.push(...offlineBlockers);
    return 'not-fixed';
  }
  const rehearsal = yield* makeReady(run);
  if (!rehearsal) return 'not-fixed';
  if (mode === 'rehearse') return 'diagnosed';
  const approved = yield* approvedForOffline(run, rehearsal);
  if (!approved) return 'not-fixed';
  const ended = yield* askAgain(run, approved);
  if (ended) return ended;
  return (yield* repairOffline(run, approved)) ? 'repaired-offline' : 'not-fixed';
}

/** What can be repaired while the VM runs; `undefined` where RDP still does not answer. */
function* repairOnline(run: Run): Steps<OutcomeKind | undefined> {
  if (yield* restrictRdp(run)) return 'repaired-online';
  if (run.patient) {
    for (const repair of [freeRdpPort, renewCertificateAndKeys, enableTls]) {
      const answers = yield* repair(run);
      if (run.setByPolicy !== undefined) return 'set-by-policy';
      if (answers || isWellInside(run)) return 'repaired-online';
    }
    if (isForAPerson(run.patient.look)) return 'not-fixed';
  } else {
    run.record.warnings.push(NO_SCRIPT_RUNS);
  }
  return undefined;
}

/** Registers the orchestration under the name by which it is started. */
export function registerRemediate(): void {
  registerOrchestrator('remediate', remediate);
}
