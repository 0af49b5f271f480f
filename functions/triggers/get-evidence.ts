import { problem } from '../../shared/errors.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { problemResponse, type Handler } from './http.ts';

/**
 * `GET /api/remediations/{id}/evidence/{name}`: a piece of evidence whose address the record names, by the last word of that address, as
 * text: at most its last 512 KiB. For people who have no rights on the storage account.
 */
export function getEvidence({ records, evidence }: TriggerDependencies): Handler {
  return async ({ request }) => {
    const { id = '', name = '' } = request.params;
    const record = instanceOfRemediation(id) === undefined ? undefined : await records.read(id);
    const place = record && placeOf(record, name);
    const text = place === undefined ? undefined : await evidence.read(place);
    if (text === undefined) return problemResponse(problem('NotFound', 'There is no such evidence.'));
    return {
      status: 200,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        // What a guest printed is shown as text, whatever a browser may take it for.
        'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      },
      body: text,
    };
  };
}

/** Only what the record names is read, whatever the address says. */
function placeOf({ steps, undo }: RemediationRecord, name: string): string | undefined {
  const kept = [...steps, ...undo].flatMap(({ evidence }) => evidence ?? []);
  return kept.find(({ url }) => url.split('/').at(-1) === encodeURIComponent(name))?.url;
}
