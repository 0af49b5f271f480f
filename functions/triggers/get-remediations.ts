import { z } from 'zod';
import { problem } from '../../shared/errors.ts';
import { invalid } from '../../shared/intake/invalid.ts';
import { outcomeKindSchema } from '../../shared/model/record.ts';
import { vmIdSchema } from '../../shared/model/vm-id.ts';
import { remediationAddress } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { findActive } from './engine.ts';
import { json, page, problemResponse, RETRY_AFTER_SECONDS, type Handler } from './http.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';

/** How soon to ask again after a remediation that nobody carries on: once the watchdog has been round. */
const LOST_RETRY_SECONDS = 300;

export const listQuerySchema = z.object({
  vm: vmIdSchema.optional(),
  outcome: outcomeKindSchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** `GET /api/remediations`: attempts (newest first), VMs that wait for a place, messages put aside. */
export function listRemediations({ records, intake }: TriggerDependencies): Handler {
  return async ({ request }) => {
    const query = listQuerySchema.safeParse(Object.fromEntries(request.query));
    if (!query.success) return problemResponse(invalid(query.error));
    const { vm, outcome, limit } = query.data;
    const [remediations, waiting, aside] = await Promise.all([
      records.list({ vmId: vm, outcome, limit }),
      intake.listWaiting(),
      intake.listAside(limit),
    ]);
    return json(200, {
      remediations,
      waiting: waiting.filter(({ vmId }) => vm === undefined || vmId === vm),
      aside: aside.filter((message) => vm === undefined || message.request?.vmId === vm),
    });
  };
}

/** `GET /api/remediations/{id}`: the record; 202 while it goes on, 200 once it has ended. */
export function getRemediation({ records }: TriggerDependencies): Handler {
  return async ({ request, engine }) => {
    const id = request.params['id'] ?? '';
    const instanceId = instanceOfRemediation(id);
    if (instanceId === undefined)
      return problemResponse(problem('NotFound', 'This is no id of a remediation.'));
    const goesOn = { location: remediationAddress(request, id), 'retry-after': String(RETRY_AFTER_SECONDS) };
    const record = await records.read(id);
    if (record?.endedAt !== undefined) return json(200, record);
    const active = await findActive(engine, instanceId);
    // Lost for now: the watchdog ends it, but not within seconds.
    if (record && active?.remediationId !== id)
      return json(202, record, { ...goesOn, 'retry-after': String(LOST_RETRY_SECONDS) });
    if (record) return json(202, record, goesOn);
    // Accepted, but its first step has not written the record yet.
    return active?.remediationId === id
      ? json(202, { id, vmId: active.request.vmId, phase: 'starting' }, goesOn)
      : problemResponse(problem('NotFound', 'There is no such remediation.'));
  };
}

/** Beside the page's own, stricter one: a report may have been written by an earlier version. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `GET /api/remediations/{id}/report`: the report as a page that can run and load nothing. */
export function getReport({ records }: TriggerDependencies): Handler {
  return async ({ request }) => {
    const id = request.params['id'] ?? '';
    const html = instanceOfRemediation(id) === undefined ? undefined : await records.readReport(id);
    if (html === undefined) return problemResponse(problem('NotFound', 'There is no report yet.'));
    return page(html, REPORT_POLICY);
  };
}
