import { ACTIVITIES } from '../../shared/model/activity.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import { MedicError } from '../../shared/errors.ts';
import { faultsOf } from '../../shared/repair/diagnosis.ts';
import { preflight, type Preflight } from '../../shared/repair/preflight.ts';
import { act, now, sub, wait, type Steps } from './durable.ts';
import { runScript } from './guest.ts';
import { addressesOf, optionalStep, step, type Run } from './run.ts';

const OUT_OF_REACH =
  'RDP answers inside Windows, but not to this service: a network security group, a firewall on the way or a missing route keeps it away.';

/** What will be done, and whether it may be: decided before anything is touched. */
export function* checkPreflight(run: Run): Steps<Preflight> {
  const decided = preflight(run.vm, run.input.request);
  yield* step(run, 'preflight', 'Look at the VM and decide what may be done', 'preflight', function* (draft) {
    run.record.plan = decided.plan;
    run.record.refusals = [...decided.refusals];
    draft.detail =
      decided.refusals.map(({ message }) => message).join(' ') ||
      `${run.vm.name}: ${run.vm.size}, generation ${run.vm.generation}, agent ${run.vm.agentReady ? 'Ready' : 'not Ready'}.`;
  });
  return decided;
}

/** How RDP answers before anything is done. */
export function* probeBefore(run: Run): Steps<void> {
  yield* step(run, 'probe', 'Ask RDP on the wire', 'preflight', function* (draft) {
    yield* probe(run);
    if (run.probe) {
      draft.probe = run.probe;
      draft.detail = run.probe.detail;
      run.record.probeBefore = run.probe;
    }
  });
}

/** Asks RDP once more; whether it answers as it should. */
export function* probe(run: Run): Steps<boolean> {
  const addresses = addressesOf(run.vm);
  run.probe = yield* act(run.context, ACTIVITIES.probeRdp, {
    addresses,
    port: run.rdpPort,
    at: now(run.context),
  });
  return run.probe.state === 'healthy';
}

/** As `probe`, a second time after a while where it does not answer yet: a service that restarts takes its time. */
export function* probeAfterChange(run: Run): Steps<boolean> {
  if (yield* probe(run)) return true;
  yield* wait(run.context, 15);
  return yield* probe(run);
}

/** One run of the diagnosis answers which steps are needed. Reads only. */
export function* diagnose(run: Run): Steps<void> {
  yield* optionalStep(
    run,
    'diagnose',
    'Diagnose through the VM agent',
    'online',
    undefined,
    function* (draft) {
      const result = yield* runScript(run, draft, run.vm.vmId, 'online/diagnose');
      const faults = faultsOf(result.findings);
      const handshakes = result.facts['handshake'] === 'done';
      run.diagnosis = result.ok ? { findings: result.findings, faults, handshakes } : undefined;
      for (const cause of faults) run.causes.add(cause);
      const { rdpPort } = result.facts;
      if (typeof rdpPort === 'number' && Number.isInteger(rdpPort)) run.rdpPort = rdpPort;
      draft.detail = faults.length === 0 ? 'No fault found inside Windows.' : `Faults: ${faults.join(', ')}.`;
      if (result.error) throw new MedicError('GuestScriptFailed', result.error.message);
    },
  );
}

/** Whether RDP is well, although the first question was not answered: it is on another port, or out of our reach. */
export function* isWellAfterAll(run: Run): Steps<boolean> {
  if (run.rdpPort !== run.probe?.port && (yield* probe(run))) return true;
  return wellInside(run);
}

/**
 * Where the wire says nothing at all, the service may only be out of reach: then Windows is asked to shake hands
 * with itself, once more after a repair. A VM that is well inside is never taken offline for want of a route.
 */
export function* answersInside(run: Run): Steps<boolean> {
  if (run.probe?.state !== 'filtered' || run.diagnosis?.faults.length === 0) return false;
  yield* diagnose(run);
  return wellInside(run);
}

function wellInside({ probe: seen, diagnosis, record }: Run): boolean {
  const well = seen?.state === 'filtered' && diagnosis?.handshakes === true && diagnosis.faults.length === 0;
  if (well) record.warnings.push(OUT_OF_REACH);
  return well;
}

/** Snapshot of the OS disk: nothing is changed before it exists. @throws MedicError. */
export function* snapshotOsDisk(run: Run): Steps<void> {
  const { osDisk, location } = run.vm;
  if (!osDisk) throw new MedicError('UnmanagedDisk', 'The VM has no managed OS disk to take a snapshot of.');
  yield* step(run, 'snapshot', 'Snapshot of the OS disk', 'snapshot', function* (draft) {
    const { id } = yield* sub(run.context, SUB_ORCHESTRATIONS.takeSnapshot, {
      ...run.maker,
      diskId: osDisk.id,
      location,
    });
    run.record.snapshot = { id, name: id.slice(id.lastIndexOf('/') + 1), expiresAt: run.maker.expiresAt };
    draft.detail = `Kept until ${run.maker.expiresAt}.`;
  });
}
