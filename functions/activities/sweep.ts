import * as df from 'durable-functions';
import { beginSweep, listSweepable } from '../../shared/azure/sweepable.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { SWEEP } from '../../shared/model/sweep.ts';
import { findActive, isOver, type Engine } from '../triggers/engine.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Activities of the janitor. */
export function registerSweepActivities({ azure, sweeping }: ActivityDependencies): void {
  implement(SWEEP.listGroups, async () => ({ groups: await sweeping.listGroups() }));
  implement(SWEEP.listSweepable, async (group) => ({ resources: await listSweepable(azure, group) }));
  implement(
    SWEEP.findRunning,
    async ({ remediationIds }, context) => {
      const engine = df.getClient(context);
      const running: string[] = [];
      for (const id of remediationIds) if (await isRunning(engine, id)) running.push(id);
      return { running };
    },
    [df.input.durableClient()],
  );
  implement(SWEEP.beginSweep, ({ id, remediationId }) => beginSweep(azure, id, remediationId));
  implement(SWEEP.sweepIntake, async ({ before }) => ({
    removed: await sweeping.deleteIntakeBefore(Date.parse(before)),
  }));
}

/**
 * Whether this very attempt goes on: the VM's instance may be running a later one. An instance whose input cannot
 * be read, say of another version of the service, counts as running.
 */
async function isRunning(engine: Engine, remediationId: string): Promise<boolean> {
  const instanceId = instanceOfRemediation(remediationId);
  if (instanceId === undefined || (await isOver(engine, instanceId))) return false;
  const active = await findActive(engine, instanceId);
  return active === undefined || active.remediationId === remediationId;
}
