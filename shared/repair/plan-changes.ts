import type { Cause, Done, Look } from '../causes/cause.ts';
import type { Change, VerbChange } from '../model/change.ts';
import { isGood } from './outcomes.ts';

type Restart = Extract<VerbChange, { do: 'Restart-RdpServices' }>;

/** A change is tried so often in a remediation; what Windows refused twice it refuses again. */
const TRIES = 2;
/** Outcomes that another try may turn: something was in the way for a moment. The others say how Windows is. */
const MAY_TURN: readonly string[] = ['refused', 'moved', 'start-failed', 'hung', 'not-served', 'not-renewed'];

/**
 * What is to be done for these causes, in the runbook's order, each change once. Restarts of RDP's services are drawn together
 * into one at the end, after all that they are to take up.
 */
export function planChanges(look: Look, causes: readonly Cause[]): Change[] {
  const wanted = causes
    .flatMap((cause) => cause.repair(look))
    .filter((change) => mayBeTried(look.done, change));
  const restarts = wanted.filter((change) => change.do === 'Restart-RdpServices');
  const others = wanted.filter((change) => change.do !== 'Restart-RdpServices');
  return [...once(others), ...mergeRestarts(restarts)];
}

function once(changes: readonly Change[]): Change[] {
  const seen = new Set<string>();
  return changes.filter((change) => {
    const known = seen.has(identity(change));
    seen.add(identity(change));
    return !known;
  });
}

function mergeRestarts(restarts: readonly Restart[]): Restart[] {
  const pids = new Map(
    restarts.flatMap(({ services, pids: known }) =>
      services.map((service, index) => [service, known[index] ?? 0] as const),
    ),
  );
  const services = (['SessionEnv', 'TermService'] as const).filter((service) => pids.has(service));
  return services.length === 0
    ? []
    : [{ do: 'Restart-RdpServices', services, pids: services.map((service) => pids.get(service) ?? 0) }];
}

/** What came to nothing is tried once more, what was done once is not done again unless it is seen to be owed again. */
function mayBeTried(done: readonly Done[], change: Change): boolean {
  const before = done.filter((one) => identity(one.change) === identity(change));
  const failed = before.filter((one) => !isGood(one));
  return (
    before.length <= TRIES &&
    failed.length < TRIES &&
    failed.every(({ outcome }) => MAY_TURN.includes(outcome.word))
  );
}

/** A change but for what stood there before, which moves on. */
export function identity(change: Change): string {
  if (change.do === 'registry') {
    const { hive, set, path, name, after } = change;
    return JSON.stringify([hive, set, path, name, after]).toLowerCase();
  }
  return change.do === 'Restart-RdpServices'
    ? JSON.stringify([change.do, change.services])
    : JSON.stringify(change);
}
