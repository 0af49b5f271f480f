import { createHash } from 'node:crypto';
import { MedicError } from '../../shared/errors.ts';
import { countEnd } from '../../shared/metrics.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { renderHtml } from '../../shared/report/html.ts';
import { traceRemediation } from '../../shared/tracing.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Keeps the record at every step, so that whoever follows along sees it, and at its end the report that is made of it. */
export function registerReportActivities({ records, control }: ActivityDependencies): void {
  implement(ACTIVITIES.readControl, async ({ remediationId }) => ({
    cancellation: (await control.read(remediationId)) ?? null,
  }));
  implement(ACTIVITIES.hashPlan, (plan) =>
    Promise.resolve({ hash: createHash('sha256').update(JSON.stringify(plan)).digest('hex') }),
  );
  implement(ACTIVITIES.closeApproval, ({ remediationId, plan }) =>
    control.decide(remediationId, plan, { approved: false, by: '', principals: [] }),
  );
  implement(ACTIVITIES.readRecord, async ({ remediationId }) => {
    const record = await records.read(remediationId);
    if (!record) throw new MedicError('NotFound', `There is no record of ${remediationId}.`);
    return { record };
  });
  implement(ACTIVITIES.saveRecord, async ({ record }) => {
    // An activity may run twice; its remediation ended once.
    const hasEnded = record.endedAt !== undefined;
    const endsNow = hasEnded && (await records.read(record.id))?.endedAt === undefined;
    await records.write(record, hasEnded ? renderHtml(record) : undefined);
    if (endsNow) {
      countEnd(record);
      traceRemediation(record);
    }
    return {};
  });
}
