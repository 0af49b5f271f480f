import type { Question } from '../shared/model/approval.ts';
import type { RemediationRecord } from '../shared/model/record.ts';
import { api } from './api.ts';
import { interruption } from './interrupt.ts';
import { WAY_WORDS, type Service } from './service/service.ts';
import { askYes, isAttended } from './terminal/ask.ts';
import type { Progress } from './terminal/progress.ts';
import { planLines } from './terminal/record-lines.ts';

/** What is asked, in the words of the runbook. */
export function questionText({ vm }: RemediationRecord, { about }: Question): string {
  return about === 'offline'
    ? `Take ${vm.name} offline and repair its OS disk according to this plan?`
    : `Restart ${vm.name} now? Some changes take effect only after a restart.`;
}

/**
 * Puts a remediation's question to whoever sits there, and sends the answer, for the very plan that was shown.
 * @returns whether it is still open: nobody sits there, or another person has to approve as well
 */
export async function answerQuestion(
  service: Service,
  record: RemediationRecord,
  question: Question,
  progress: Progress,
  { yes }: { yes: boolean },
): Promise<boolean> {
  progress.stop();
  // The plan was told already; the rehearsal has put into it what the offline repair changes.
  if (question.about === 'offline') progress.say('', ...planLines(record, progress.stream));
  const text = questionText(record, question);
  if (!yes && !isAttended()) {
    const words = `${WAY_WORDS[service.way]} ${record.id}`;
    progress.say(
      text,
      `The request expires at ${question.expiresAt}. Approve with: rdp-medic approve${words}`,
    );
    return true;
  }
  const approved = yes || (await askYes(text, interruption()));
  if (yes) progress.say(`${text} Yes (--yes).`);
  const { status } = await api.approve(service, record.id, { approved, plan: question.plan });
  if (status === 'waits-for-another-approver') {
    progress.say(`Approved. A second person must approve as well, by ${question.expiresAt}.`);
    return true;
  }
  progress.say(approved ? 'Approved.' : 'Denied.', '');
  return false;
}
