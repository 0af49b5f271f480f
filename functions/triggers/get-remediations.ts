import { createHash } from 'node:crypto';
import { problem } from '../../shared/errors.ts';
import { renderHtml } from '../../shared/report/html.ts';
import { remediationAddress } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { findActive } from './engine.ts';
import { json, page, problemResponse, RETRY_AFTER_SECONDS, type Handler } from './http.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';

/** How soon to ask again after a remediation that nobody carries on: once the watchdog has been round. */
const LOST_RETRY_SECONDS = 300;

/** `GET /api/remediations/{id}`: the record; 202 while it goes on, 200 once it has ended. */
export function getRemediation({ records }: TriggerDependencies): Handler {
  return async ({ request, engine }) => {
    const id = request.params['id'] ?? '';
    const instanceId = instanceOfRemediation(id);
    if (instanceId === undefined)
      return problemResponse(problem('NotFound', 'This is not a remediation id.'));
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

/**
 * `GET /api/remediations/{id}/report`: the report as a page that can run and load nothing; of a remediation that goes on, what it
 * would be now.
 */
export function getReport({ records }: TriggerDependencies): Handler {
  return async ({ request }) => {
    const id = request.params['id'] ?? '';
    const html = instanceOfRemediation(id) === undefined ? undefined : await reportOf(id, records);
    if (html === undefined) return problemResponse(problem('NotFound', 'There is no report yet.'));
    return page(html, reportPolicy(html));
  };
}

async function reportOf(id: string, records: TriggerDependencies['records']): Promise<string | undefined> {
  const kept = await records.readReport(id);
  if (kept !== undefined) return kept;
  const record = await records.read(id);
  return record && renderHtml(record);
}

/** A report may have been written by an earlier version: the style sheet that counts is the one that it begins with. */
function reportPolicy(html: string): string {
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
