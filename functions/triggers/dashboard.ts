import { z } from 'zod';
import { invalid } from '../../shared/intake/invalid.ts';
import type { RecordSummary } from '../../shared/intake/ports.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { parseVmId } from '../../shared/model/vm-id.ts';
import {
  DASHBOARD_POLICY,
  renderDashboard,
  type DashboardRemediation,
} from '../../shared/report/dashboard.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { findActive, type Engine } from './engine.ts';
import { page, problemResponse, type Handler } from './http.ts';

const REFRESH_SECONDS = 15;
const MOST = 100;
const querySchema = z.object({ refresh: z.enum(['on', 'off']).default('on') });

/** `GET /`: what goes on, what waits, what has ended and what came to nothing, for people. */
export function getDashboard(deps: TriggerDependencies): Handler {
  return async ({ request, engine }) => {
    const query = querySchema.safeParse(Object.fromEntries(request.query));
    if (!query.success) return problemResponse(invalid(query.error));
    const [summaries, waiting, aside] = await Promise.all([
      deps.records.list({ limit: MOST }),
      deps.intake.listWaiting(),
      deps.intake.listAside(MOST),
    ]);
    const html = renderDashboard({
      now: deps.clock.now(),
      version: deps.version,
      accepting: !deps.policy.killSwitch,
      refreshSeconds: query.data.refresh === 'on' ? REFRESH_SECONDS : undefined,
      code: request.query.get('code') ?? undefined,
      remediations: await Promise.all(summaries.map((summary) => look(deps, engine, summary))),
      waiting: waiting.map(({ vmId, since, reason }) => ({ vm: nameOf(vmId), since, reason })),
      aside: aside.map(({ queue, at, problem, bytes, request: asked }) => ({
        queue,
        at,
        bytes,
        code: problem.code,
        message: problem.message,
        next: problem.next,
        ...(asked ? { vm: nameOf(asked.vmId) } : {}),
      })),
    });
    return page(html, DASHBOARD_POLICY);
  };
}

/** Only of what goes on is the record read, and the engine asked: of the rest the list tells enough. */
async function look(
  { records }: TriggerDependencies,
  engine: Engine,
  summary: RecordSummary,
): Promise<DashboardRemediation> {
  const { id, vmId, phase, outcome, startedAt, endedAt } = summary;
  const known = {
    id,
    vm: nameOf(vmId),
    resourceGroup: parseVmId(vmId)?.resourceGroup ?? '',
    phase,
    outcome,
    startedAt,
    endedAt,
  };
  if (endedAt !== undefined) return known;
  const [record, active] = await Promise.all([
    records.read(id),
    findActive(engine, instanceOfRemediation(id) ?? id),
  ]);
  // It may have ended since the list was made: then the record says so.
  return {
    ...known,
    phase: record?.phase ?? phase,
    outcome: record?.outcome?.kind ?? outcome,
    endedAt: record?.endedAt,
    step: record && stepOf(record),
    lost: record?.endedAt === undefined && active?.remediationId !== id,
  };
}

function stepOf({ steps }: RemediationRecord): string | undefined {
  return (steps.findLast(({ state }) => state === 'running') ?? steps.at(-1))?.title;
}

function nameOf(vmId: string): string {
  return parseVmId(vmId)?.name ?? vmId;
}
