import * as z from 'zod';
import type { Stage } from '../../../local/stage.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../../shared/model/record.ts';
import { instanceOfRemediation } from '../../../shared/model/remediation-id.ts';
import { rdpAnsweredAt } from '../rdp-answered.ts';
import { watchVm } from './watch.ts';
import type { Measured } from './measured.ts';

const startedSchema = z.object({ id: z.string() });

/** Beside the figures: what the record says. */
export type ByRdpMedic = Measured & {
  outcome: string;
  /** Seconds of the rehearsal on a copy, while the VM runs. */
  rehearsal: number;
};

/** Has RDP Medic repair a VM of its stage, as a caller asks for it. */
export async function measureRdpMedic(stage: Stage, name: string): Promise<ByRdpMedic> {
  const { lab, host } = stage;
  const { clock } = lab;
  const { id: vmId } = lab.vm(name);
  const before = new Set(lab.resources().map(({ id }) => id.toLowerCase()));
  const callsBefore = lab.requests().length;
  const asked = clock.now();
  const watch = watchVm(lab, name);
  const answer = await stage.call('POST', '/api/remediations', { vmId });
  if (!answer.ok) throw new Error(await answer.text());
  const { id } = startedSchema.parse(await answer.json());
  await host.finished(instanceOfRemediation(id) ?? id);
  const seen = watch.end();
  const record = remediationRecordSchema.parse(
    await (await stage.call('GET', `/api/remediations/${id}`)).json(),
  );

  const answers = rdpAnsweredAt(record);
  const current = lab.vm(name).properties.storageProfile?.osDisk?.managedDisk?.id?.toLowerCase();
  const ways = [record.snapshot, record.originalDisk].flatMap((kept) => kept?.id.toLowerCase() ?? []);
  const made = lab
    .resources()
    .map(({ id }) => id.toLowerCase())
    .filter((id) => (!before.has(id) || ways.includes(id)) && id !== current);
  return {
    outcome: record.outcome?.kind ?? '',
    rehearsal: secondsOf(record, 'rehearsal'),
    untilRdp: answers === undefined ? undefined : (answers - asked) / 1000,
    ...seen,
    calls: lab.requests().length - callsBefore,
    kept: made.filter((id) => ways.includes(id)).length,
    left: made.filter((id) => !ways.includes(id)).length,
  };
}

function secondsOf({ steps }: RemediationRecord, id: string): number {
  const { startedAt = '', endedAt = '' } = steps.find((step) => step.id === id) ?? {};
  return endedAt === '' ? 0 : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}
