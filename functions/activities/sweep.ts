import * as df from 'durable-functions';
import { OrchestrationRuntimeStatus } from 'durable-functions';
import { ZodError } from 'zod';
import { listTagged, listTaggedScripts } from '../../shared/azure/made-resources.ts';
import { beginRelease, beginSweep, listVms } from '../../shared/azure/sweepable.ts';
import type { RecordStore } from '../../shared/intake/ports.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { measureLeftovers } from '../../shared/metrics.ts';
import { SWEEP, type Kept } from '../../shared/model/sweep.ts';
import { whatRuns, type Engine } from '../triggers/engine.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Activities of the janitor. */
export function registerSweepActivities(deps: ActivityDependencies): void {
  const { azure, deployment, records, sweeping } = deps;
  const client = [df.input.durableClient()];
  implement(SWEEP.listGroups, async () => ({ groups: await sweeping.listGroups() }));
  implement(SWEEP.listVms, (group) => listVms(azure, group));
  implement(SWEEP.listTagged, async ({ type, ...group }) => ({
    resources: await listTagged(azure, deployment, group, [type]),
  }));
  implement(SWEEP.listScripts, async ({ vmId }) => ({
    resources: await listTaggedScripts(azure, deployment, vmId),
  }));
  implement(
    SWEEP.findRunning,
    ({ remediationIds }, context) => findRunning(df.getClient(context), remediationIds),
    client,
  );
  implement(SWEEP.readKept, async ({ remediationIds }) => ({
    known: await readKept(records, remediationIds),
  }));
  implement(SWEEP.beginSweep, (judged) => beginSweep(azure, deployment, judged));
  implement(SWEEP.beginRelease, (judged) => beginRelease(azure, deployment, judged));
  implement(SWEEP.sweepIntake, async ({ before }) => ({
    removed: await sweeping.deleteIntakeBefore(Date.parse(before)),
  }));
  implement(SWEEP.measureLeft, ({ left }) => {
    measureLeftovers(left);
    return Promise.resolve({});
  });
  implement(
    SWEEP.purgeHistory,
    async ({ before }, context) => {
      const { instancesDeleted } = await df.getClient(context).purgeInstanceHistoryBy({
        createdTimeFrom: new Date(0),
        createdTimeTo: new Date(before),
        runtimeStatus: [
          OrchestrationRuntimeStatus.Completed,
          OrchestrationRuntimeStatus.Failed,
          OrchestrationRuntimeStatus.Terminated,
        ],
      });
      return { purged: instancesDeleted };
    },
    client,
  );
}

/**
 * Which of these attempts go on, and on whose VM anything does: its instance may be running a later attempt. An instance whose
 * input cannot be read counts as running each of them.
 */
export async function findRunning(
  engine: Pick<Engine, 'getStatus'>,
  remediationIds: readonly string[],
): Promise<{ running: string[]; busy: string[] }> {
  const running: string[] = [];
  const busy: string[] = [];
  for (const id of remediationIds) {
    const instanceId = instanceOfRemediation(id);
    const found = instanceId === undefined ? 'gone' : await whatRuns(engine, instanceId);
    if (found === 'gone' || found === 'over') continue;
    busy.push(id);
    if (found === 'unknown' || found.remediationId === id) running.push(id);
  }
  return { running, busy };
}

/** Ids come from tags: what is none of an attempt is not looked for. A record that cannot be read names nothing. */
export async function readKept(
  records: Pick<RecordStore, 'read'>,
  remediationIds: readonly string[],
): Promise<{ remediationId: string; kept: Kept[] }[]> {
  const known: { remediationId: string; kept: Kept[] }[] = [];
  for (const remediationId of remediationIds) {
    if (instanceOfRemediation(remediationId) === undefined) continue;
    const record = await readable(records, remediationId);
    if (record === 'none') continue;
    const { snapshot, originalDisk } = record;
    known.push({
      remediationId,
      kept: [
        ...(snapshot ? [{ id: snapshot.id, until: snapshot.expiresAt }] : []),
        ...(originalDisk ? [{ id: originalDisk.id, until: originalDisk.keptUntil }] : []),
      ],
    });
  }
  return known;
}

async function readable(
  records: Pick<RecordStore, 'read'>,
  remediationId: string,
): Promise<Pick<RemediationRecord, 'snapshot' | 'originalDisk'> | 'none'> {
  try {
    return (await records.read(remediationId)) ?? 'none';
  } catch (error) {
    if (error instanceof ZodError || error instanceof SyntaxError) return {};
    throw error;
  }
}
