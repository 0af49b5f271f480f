import { sum } from './row.ts';
import type { Repair } from './repair.ts';

/** From asking the VM to stop for its offline repair until RDP answers, or until it runs again; in seconds. */
export function downSeconds({ record }: Pick<Repair, 'record'>): number {
  const outages = (record.outages ?? []).filter(({ why }) => why === 'offline-repair');
  return sum(
    outages.map(({ from, answeredAt, runningAt }) => {
      const end = answeredAt ?? runningAt ?? record.endedAt ?? from;
      return (Date.parse(end) - Date.parse(from)) / 1000;
    }),
  );
}
