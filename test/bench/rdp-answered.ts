import type { RemediationRecord } from '../../shared/model/record.ts';

/**
 * When RDP was first seen to answer, in milliseconds: at the end of the step that asked it, or earlier, where the record tells the end of
 * a downtime.
 */
export function rdpAnsweredAt({ steps, outages = [] }: RemediationRecord): number | undefined {
  const step = steps.find(({ probe }) => probe?.state === 'healthy')?.endedAt;
  const outage = outages.find(({ answeredAt }) => answeredAt !== undefined)?.answeredAt;
  const moments = [step, outage].flatMap((moment) => (moment === undefined ? [] : Date.parse(moment)));
  return moments.length === 0 ? undefined : Math.min(...moments);
}
