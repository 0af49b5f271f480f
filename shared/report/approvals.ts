import type { Disruption } from '../model/disruption.ts';
import type { RemediationRecord } from '../model/record.ts';
import { facts, type Fact } from './facts.ts';
import { formatMoment } from './time.ts';

const ASKED: Readonly<Record<Disruption, string>> = {
  offline: 'To take the VM offline and repair its disk according to the plan below',
  restart: 'To restart the VM, so that all changes take effect',
};
const OF: Readonly<Record<Disruption, string>> = {
  offline: 'Offline repair',
  restart: 'Restart',
};

/** No address that could be followed: who approves sends the plan's hash along, so that nothing says yes by being looked at. */
export function viewQuestion({ id, question }: RemediationRecord): Fact[] {
  if (!question) return [];
  const { about, plan, expiresAt } = question;
  return facts([
    ['Approval needed', ASKED[about]],
    ['Request expires at', formatMoment(expiresAt)],
    ['To approve, send', `POST /api/remediations/${id}/approval`, true],
    ['with', JSON.stringify({ approved: true, plan }), true],
    ['To deny, send instead', JSON.stringify({ approved: false, plan }), true],
  ]);
}

/** Who was asked, and what they said; of a record from before that was kept, as its steps tell it. */
export function viewApprovals({ approvals, steps }: RemediationRecord): Fact[] {
  if (!approvals)
    return facts(
      steps
        .filter(({ id, endedAt }) => id === 'approval' && endedAt !== undefined)
        .map(({ title, detail, endedAt = '' }) => [title, `${detail} ${formatMoment(endedAt)}`]),
    );
  return facts(
    approvals.flatMap(({ about, approved, by, at, plan }): [string, string, boolean?][] => [
      [OF[about], `${answerOf(approved, by)}, ${formatMoment(at)}`],
      ['Plan', plan, true],
    ]),
  );
}

function answerOf(approved: boolean, by: string): string {
  if (approved) return by === '' ? 'Approved' : `Approved by ${by}`;
  return by === '' ? 'Expired without an answer' : `Denied by ${by}`;
}
