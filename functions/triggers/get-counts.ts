import * as z from 'zod';
import { invalid } from '../../shared/intake/invalid.ts';
import { countRemediations } from '../../shared/report/counts.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { json, problemResponse, type Handler } from './http.ts';

export const countsQuerySchema = z.object({
  days: z.coerce.number().int().min(1).max(365).default(30).describe('Number of days up to today (UTC).'),
});

/** `GET /api/counts`: how many remediations run, and how many ended how: in all, by subscription, by day. */
export function getCounts({ records, clock }: TriggerDependencies): Handler {
  return async ({ request }) => {
    const query = countsQuerySchema.safeParse(Object.fromEntries(request.query));
    if (!query.success) return problemResponse(invalid(query.error));
    return json(
      200,
      countRemediations(await records.list({ limit: Infinity }), clock.now(), query.data.days),
    );
  };
}
