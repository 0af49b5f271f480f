import type { Outage, RemediationRecord } from '../model/record.ts';
import { facts, type Fact } from './facts.ts';
import { elapsed, formatDuration, formatMoment } from './time.ts';

/** How long the VM was down because of the repair. */
export interface DowntimeView {
  /** The figure, in a few words. */
  readonly short: string;
  readonly sentence: string;
  readonly outages: readonly { readonly title: string; readonly facts: readonly Fact[] }[];
}

const WHY: Readonly<Record<Outage['why'], string>> = {
  'offline-repair': 'Offline repair',
  restart: 'Restart',
  rollback: 'Rollback',
};

type Told = Pick<RemediationRecord, 'outages' | 'steps' | 'endedAt' | 'rehearsed' | 'request' | 'cancelled'>;

/** The downtime in figures: from when the VM was asked to stop until RDP answered, or else until it ran again. */
export function viewDowntime(record: Told): DowntimeView {
  const { outages, isMeasured } = outagesOf(record);
  if (outages.length === 0) return without(record);
  const total = outages.reduce((sum, one) => sum + lengthOf(one, record), 0);
  const about = isMeasured ? '' : 'about ';
  const isLeft = record.cancelled?.leaveStopped === true;
  const stopped = isLeft ? ', and left stopped' : ', and still down';
  const stillDown = outages.some((one) => endOf(one) === undefined);
  return {
    short: `${about}${formatDuration(total)}${stillDown ? stopped : ''}`,
    sentence: stillDown && isLeft ? LEFT_STOPPED : sentenceOf(outages, isMeasured, stillDown),
    outages: outages.map((one) => ({
      title: `${WHY[one.why]}: ${about}${formatDuration(lengthOf(one, record))}`,
      facts: facts([
        ['Stop requested', formatMoment(one.from)],
        ['Running again', one.runningAt && `${formatMoment(one.runningAt)} (${after(one, one.runningAt)})`],
        [
          'RDP responding',
          one.answeredAt && `${formatMoment(one.answeredAt)} (${after(one, one.answeredAt)})`,
        ],
      ]),
    })),
  };
}

const LEFT_STOPPED =
  'Measured until the end of this record. The VM was left stopped, as requested when the remediation was cancelled.';

function sentenceOf(outages: readonly Outage[], isMeasured: boolean, stillDown: boolean): string {
  if (!isMeasured) return 'Estimated from the step times: this record does not include a measured downtime.';
  if (stillDown) return 'The VM was stopped and, as far as is known, is not running again yet.';
  return outages.every(({ answeredAt }) => answeredAt !== undefined)
    ? 'Measured from the stop request until RDP responded from outside.'
    : 'Measured from the stop request until the VM was running again. RDP could not be seen responding from outside afterwards.';
}

function without({ rehearsed, request, endedAt }: Told): DowntimeView {
  const none = endedAt === undefined ? 'None so far' : 'None';
  if (!rehearsed || request.mode !== 'rehearse')
    return { short: none, sentence: 'The VM was neither stopped nor restarted.', outages: [] };
  const would = `about ${String(Math.ceil(rehearsed.downtimeSeconds / 60))} min`;
  return {
    short: `${none}; ${would} if it is repaired offline`,
    sentence: `The VM kept running. The repair of the copy took ${formatDuration(rehearsed.seconds * 1000)} in the rehearsal. Including stop, snapshot, swap and start, the VM would be down for ${would}.`,
    outages: [],
  };
}

/** Those of the record; of one from before they were measured, what its steps tell. */
export function outagesOf(record: Told): { outages: readonly Outage[]; isMeasured: boolean } {
  if (record.outages) return { outages: record.outages, isMeasured: true };
  const down = record.steps.find(({ actions }) => actions.some(({ what }) => TAKES_DOWN.includes(what)));
  const up = record.steps.findLast(({ id }) => id === 'verify' || id === 'restore');
  if (!down) return { outages: [], isMeasured: true };
  const until = up?.endedAt ?? record.endedAt;
  return {
    outages: [
      { why: 'offline-repair', from: down.startedAt, ...(until !== undefined && { runningAt: until }) },
    ],
    isMeasured: false,
  };
}

const TAKES_DOWN: readonly string[] = ['deallocate-vm', 'power-off-vm', 'swap-os-disk', 'rebuild-vm'];

/** When the VM's users had it back; `undefined` while they have not. */
export function endOf({ runningAt, answeredAt }: Outage): string | undefined {
  return answeredAt ?? runningAt;
}

function lengthOf(outage: Outage, { endedAt }: Told): number {
  return elapsed(outage.from, endOf(outage) ?? endedAt ?? outage.from);
}

function after({ from }: Outage, at: string): string {
  return `after ${formatDuration(elapsed(from, at))}`;
}
