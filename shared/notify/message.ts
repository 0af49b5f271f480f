import { eventIdOf, type News } from '../model/news.ts';
import type { Notification } from '../model/notify.ts';
import type { RemediationRecord } from '../model/record.ts';
import { isDown } from '../repair/outages.ts';
import { staysDown } from '../repair/changes-left.ts';
import { viewDowntime } from '../report/downtime.ts';
import { facts, type Fact } from '../report/facts.ts';
import { inOwnWords } from '../report/own-words.ts';
import { formatMoment } from '../report/time.ts';
import { OUTCOMES, type Label } from '../report/labels.ts';

/** What a channel is told, in words of ours alone: what a guest or a caller wrote is read in the report, as whose it is. */
export interface Message {
  /** The same at each try, so that a receiver knows one that it has had. */
  readonly id: string;
  readonly event: News['event'];
  /** ISO 8601: when it happened. */
  readonly at: string;
  readonly tone: Label['tone'];
  readonly title: string;
  readonly text: string;
  readonly facts: readonly Fact[];
  /** Of the report: a page to look at; whatever follows the link, nothing is approved by it. */
  readonly address: string;
  readonly record: RemediationRecord;
}

/** @param baseAddress where the service is reached, without a slash at the end */
export function messageOf(
  record: RemediationRecord,
  { news, at }: Notification,
  baseAddress: string,
): Message {
  const { vm, attempt, startedAt, endedAt } = record;
  return {
    id: eventIdOf(news),
    event: news.event,
    at,
    ...wordsOf(record, news),
    facts: facts([
      ['VM', vm.name],
      ['Resource group', vm.resourceGroup],
      ['Subscription', vm.subscriptionId],
      ['Started', formatMoment(startedAt)],
      ['Ended', endedAt && formatMoment(endedAt)],
      ['Downtime', viewDowntime(record).short],
      ['Attempt', String(attempt)],
    ]),
    address: `${baseAddress}/api/remediations/${record.id}/report`,
    record,
  };
}

type Words = Pick<Message, 'tone' | 'title' | 'text'>;

function wordsOf(record: RemediationRecord, { event }: News): Words {
  switch (event) {
    case 'started':
      return {
        tone: 'plain',
        title: `Started: ${record.vm.name}`,
        text: `RDP Medic has started ${workOf(record)} of ${record.vm.name}.`,
      };
    case 'approval':
      return approvalWords(record);
    case 'down':
      return downWords(record);
    case 'done':
    case 'failed':
      return endWords(record);
  }
}

function workOf({ request: { mode }, rollback }: RemediationRecord): string {
  if (rollback) return 'a rollback';
  if (mode === 'diagnose') return 'a diagnosis';
  return mode === 'rehearse' ? 'a dry run' : 'a repair';
}

function approvalWords({ vm, question }: RemediationRecord): Words {
  const what = question?.about === 'restart' ? 'be restarted' : 'be taken offline for repair';
  const until = question ? ` The request expires at ${formatMoment(question.expiresAt)}.` : '';
  return {
    tone: 'warn',
    title: `Approval needed: ${vm.name}`,
    text: `${vm.name} needs to ${what}. The report shows the plan and how to approve it.${until}`,
  };
}

/** Told late, it says what has become of it. */
function downWords(record: RemediationRecord): Words {
  const { vm, outages = [], downSince } = record;
  const last = outages.at(-1);
  const since = downSince ?? last?.from;
  const from = since === undefined ? '' : ` since ${formatMoment(since)}`;
  if (last && !isDown(record) && downSince === undefined)
    return {
      tone: 'warn',
      title: `VM was down longer than planned: ${vm.name}`,
      text: `${vm.name} did not start on the first attempt. It is running again${last.runningAt === undefined ? '' : ` (since ${formatMoment(last.runningAt)})`}.`,
    };
  return {
    tone: 'bad',
    title: `VM is DOWN: ${vm.name}`,
    text: `${vm.name} is down${from} and did not start on the first attempt. RDP Medic keeps trying. See the report for the cause and the commands to start it manually.`,
  };
}

function endWords(record: RemediationRecord): Words {
  const { vm, outcome } = record;
  const label = outcome ? OUTCOMES[outcome.kind] : { text: 'Ended', tone: 'plain' as const };
  if (staysDown(record) && record.cancelled?.leaveStopped !== true)
    return {
      tone: 'bad',
      title: `${label.text}, and the VM is DOWN: ${vm.name}`,
      text: `${inOwnWords(record)} The VM is not running. See the report for the commands to start it.`,
    };
  return { tone: label.tone, title: `${label.text}: ${vm.name}`, text: inOwnWords(record) };
}
