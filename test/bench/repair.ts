import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Activity } from '../../lab/arm/activity/activity-log.ts';
import type { LoggedRequest } from '../../lab/arm/request-log.ts';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { makeFleet, type FleetVm } from '../../lab/fleet/index.ts';
import { startHost } from '../../local/host/start-host.ts';
import { openStage, type Stage, type StageOptions } from '../../local/stage.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../shared/model/record.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { rdpAnsweredAt } from './rdp-answered.ts';

/** The moment at which each run begins: what depends on dates is the same at every run. */
export const START = Date.UTC(2026, 0, 15, 9);

/** A remediation with all that was seen of it. Moments in milliseconds of lab time. */
export interface Repair {
  readonly name: string;
  readonly record: RemediationRecord;
  readonly asked: number;
  /** When RDP was first seen to answer. */
  readonly answered: number | undefined;
  readonly ended: number;
  readonly activity: readonly Activity[];
  readonly requests: readonly LoggedRequest[];
  /** Own time of each activity, in real milliseconds. */
  readonly work: readonly { readonly name: string; readonly milliseconds: number }[];
  /** How long the orchestrator's longest turn ran, all of its history replayed, in real milliseconds. */
  readonly longestTurn: number;
  readonly history: { readonly events: number; readonly bytes: number; readonly instances: number };
}

export interface RepairBench {
  readonly stage: Stage;
  readonly repair: (name: string, options?: object) => Promise<Repair>;
  readonly close: () => Promise<void>;
}

/** The whole service before a simulated Azure with these VMs and the peer of the fleet, on a virtual clock, each turn replayed. */
export async function openRepairBench(
  storage: string,
  fleet: readonly FleetVm[],
  options: Partial<StageOptions> = {},
): Promise<RepairBench> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-bench-'));
  const clock = createVirtualClock(START);
  const peer = makeFleet({ now: START }).filter(({ spec }) => spec.name === 'peer');
  const work: { name: string; milliseconds: number }[] = [];
  let longestTurn = 0;
  const stage = await openStage({
    clock,
    folder,
    storage,
    fleet: [...fleet, ...peer],
    probeSeconds: 2,
    startHost: (given) =>
      startHost({
        ...given,
        onActivity: (name, _instance, milliseconds) => work.push({ name, milliseconds }),
        onTurn: (_instance, milliseconds) => {
          longestTurn = Math.max(longestTurn, milliseconds);
        },
      }),
    ...options,
  });
  const { lab, host } = stage;

  return {
    stage,
    async repair(name, requestOptions = {}) {
      const before = { requests: lab.requests().length, activity: lab.activity().length };
      work.length = 0;
      longestTurn = 0;
      const asked = clock.now();
      const body = { vmId: lab.vm(name).id, options: requestOptions };
      const answer = await stage.call('POST', '/api/remediations', body);
      if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
      const { id } = z.object({ id: z.string() }).parse(await answer.json());
      const instance = instanceOfRemediation(id) ?? id;
      await host.finished(instance);
      const kept = await stage.call('GET', `/api/remediations/${id}`);
      const record = remediationRecordSchema.parse(await kept.json());
      return {
        name,
        record,
        asked,
        answered: rdpAnsweredAt(record),
        ended: clock.now(),
        activity: lab.activity().slice(before.activity),
        requests: lab.requests().slice(before.requests),
        work: [...work],
        longestTurn,
        history: historyOf(join(folder, 'durable.sqlite'), instance),
      };
    },
    async close() {
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const historySchema = z.object({ events: z.number(), bytes: z.number(), instances: z.number() });

/** The history of an instance and of all that it called. */
function historyOf(file: string, instance: string): Repair['history'] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database
      .prepare(
        `WITH RECURSIVE mine(id) AS (
           SELECT ? UNION
           SELECT instances.id FROM instances JOIN mine
             ON json_extract(instances.parent, '$.OrchestrationInstance.InstanceId') = mine.id)
         SELECT count(*) AS events, coalesce(sum(length(event)), 0) AS bytes, count(DISTINCT instance_id) AS instances
         FROM history WHERE instance_id IN (SELECT id FROM mine)`,
      )
      .get(instance);
    return historySchema.parse(row);
  } finally {
    database.close();
  }
}
