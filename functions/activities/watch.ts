import * as df from 'durable-functions';
import { CANCEL_EVENT } from '../../shared/model/cancellation.ts';
import { measureGoingOn } from '../../shared/metrics.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import type { RemediationInput } from '../../shared/model/request.ts';
import { WATCH } from '../../shared/model/watch.ts';
import { fateOfUnfinished, type LostFate, type Seen } from '../../shared/repair/lost.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { whatRuns, type Engine } from '../triggers/engine.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

type Watching = Pick<ActivityDependencies, 'records' | 'hub' | 'killSwitch'>;
type Measuring = Pick<ActivityDependencies, 'records' | 'clock'>;
type Starting = Pick<Engine, 'getStatus' | 'startNew'>;
type Waking = Starting & Pick<Engine, 'raiseEvent'>;

/** Activities of the watchdog. */
export function registerWatchActivities(deps: ActivityDependencies): void {
  implement(WATCH.listUnfinished, async () => {
    const ids = await deps.records.unfinished();
    await measure(deps, ids);
    return { ids };
  });
  implement(
    WATCH.lookAfter,
    async ({ remediationId, at }, context) => {
      const fate = await lookAfter(deps, df.getClient(context), remediationId, Date.parse(at));
      return { fate: fate.fate, why: fate.fate === 'leave' ? '' : fate.why };
    },
    [df.input.durableClient()],
  );
}

/** Longer than a remediation takes that waits for nobody. */
const STUCK_AFTER = 4 * 3600 * 1000;

async function measure({ records, clock }: Measuring, ids: readonly string[]): Promise<void> {
  const known = (await Promise.all(ids.map((id) => records.read(id)))).filter(
    (record) => record !== undefined,
  );
  const isStuck = ({ startedAt, phase }: RemediationRecord): boolean =>
    phase !== 'approval' && clock.now() - Date.parse(startedAt) > STUCK_AFTER;
  measureGoingOn({
    running: known.length,
    stuck: known.filter(isStuck).length,
    down: known.filter(({ downSince }) => downSince !== undefined).length,
  });
}

/** Asks after one remediation without an end; where it is lost it is taken over, and what was done is taken back by its record. */
export async function lookAfter(
  { records, hub, killSwitch }: Watching,
  engine: Waking,
  id: string,
  now: number,
): Promise<LostFate> {
  const instance = instanceOfRemediation(id);
  const record = await records.read(id);
  if (!record || record.endedAt !== undefined || instance === undefined) return { fate: 'leave' };
  const seen = await lookAt(engine, instance, id);
  // Whoever waits for a person comes to no safe point by itself.
  if (seen === 'goes-on' && killSwitch && record.phase === 'approval')
    await engine.raiseEvent(instance, CANCEL_EVENT, {});
  const fate = fateOfUnfinished(record.owner, hub, seen, now);
  if (fate.fate !== 'take-over') return fate;
  const epoch = record.owner.epoch + 1;
  const nextSignBy = new Date(now + TIMING.signWithin * 1000).toISOString();
  // Another host's watchdog may be faster: then it is carried on there.
  if (!(await records.takeOver(id, { hub, instance, epoch, nextSignBy }))) return { fate: 'leave' };
  await engine.startNew(RECOVER, { instanceId: instance, input: inputOf(record, hub, epoch) });
  return fate;
}

/** The name under which the orchestration is registered. */
const RECOVER = 'recover';

async function lookAt(engine: Starting, instanceId: string, id: string): Promise<Seen> {
  const found = await whatRuns(engine, instanceId);
  if (found === 'gone' || found === 'over') return found;
  if (found === 'unknown') return 'busy';
  return found.remediationId === id ? 'goes-on' : 'busy';
}

function inputOf(
  { request, id, attempt, rollback }: RemediationRecord,
  hub: string,
  epoch: number,
): RemediationInput {
  const input = { request, remediationId: id, attempt, approval: 'not-needed', hub, epoch } as const;
  return { ...input, ...(rollback && { rollback }) };
}
