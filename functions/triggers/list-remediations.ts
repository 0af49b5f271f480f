import { invalid } from '../../shared/intake/invalid.ts';
import type { RecordSummary } from '../../shared/intake/ports.ts';
import { listQuerySchema, selectRemediations } from '../../shared/intake/select-remediations.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { parseVmId } from '../../shared/model/vm-id.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { findActive, type Engine } from './engine.ts';
import { json, problemResponse, type Handler } from './http.ts';

/** `GET /api/remediations`: attempts that fit (newest first, a page at a time), queued requests, poison messages. */
export function listRemediations({ records, intake }: TriggerDependencies): Handler {
  return async ({ request, engine }) => {
    const query = listQuerySchema.safeParse(Object.fromEntries(request.query));
    if (!query.success) return problemResponse(invalid(query.error));
    const { vm, limit } = query.data;
    const [all, waiting, aside] = await Promise.all([
      records.list({ vmId: vm, limit: Infinity }),
      intake.listWaiting(),
      intake.listAside(limit),
    ]);
    const { remediations, ...rest } = selectRemediations(all, query.data);
    return json(200, {
      remediations: await Promise.all(remediations.map((one) => lineOf(records, engine, one))),
      ...rest,
      queued: waiting.filter(({ vmId }) => vm === undefined || vmId === vm),
      poison: aside.filter((message) => vm === undefined || message.request?.vmId === vm),
    });
  };
}

/** Only of what runs is the record read, and the engine asked: of the rest the list tells enough. */
async function lineOf(
  records: Pick<TriggerDependencies['records'], 'read'>,
  engine: Engine,
  summary: RecordSummary,
): Promise<object> {
  const { name = summary.vmId, resourceGroup = '', subscriptionId = '' } = parseVmId(summary.vmId) ?? {};
  const line = { ...summary, vm: { name, resourceGroup, subscriptionId } };
  if (summary.endedAt !== undefined) return line;
  const [record, active] = await Promise.all([
    records.read(summary.id),
    findActive(engine, instanceOfRemediation(summary.id) ?? summary.id),
  ]);
  const step = record?.steps.findLast(({ state }) => state === 'running') ?? record?.steps.at(-1);
  return {
    ...line,
    // It may have ended since the list was made: then the record says so.
    ...(record && { phase: record.phase }),
    ...(record?.outcome && { outcome: record.outcome.kind }),
    ...(record?.endedAt !== undefined && { endedAt: record.endedAt }),
    ...(step && { step: step.title }),
    lost: record?.endedAt === undefined && active?.remediationId !== summary.id,
  };
}
