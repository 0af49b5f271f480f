import { metrics, type Attributes, type Meter } from '@opentelemetry/api';
import type { RemediationRecord } from './model/record.ts';

/**
 * What is counted. Without a meter provider every one of these does nothing; docs/metrics.md says how they get to
 * Azure Monitor. Attributes are words of ours alone: an id of a VM or a ticket would make a time series each.
 *
 * The meter is asked for at each use: the OpenTelemetry API hands one that does nothing to whoever asks before the
 * provider is set, and never replaces it.
 */
const meter = (): Meter => metrics.getMeter('rdp-medic');

function count(name: string, description: string, attributes: Attributes): void {
  meter().createCounter(name, { description }).add(1, attributes);
}

/** What became of a request: `rule` is the policy's that said no, `code` a row of docs/errors.md. */
export interface RequestFacts {
  readonly source: string;
  readonly result: 'started' | 'joined' | 'queued' | 'refused';
  readonly code?: string | undefined;
  readonly rule?: string | undefined;
}

/** Counts a request that was answered, whichever way it came in. */
export function countRequest({ source, result, code, rule }: RequestFacts): void {
  count('rdp_medic.requests', 'Requests by result', {
    source,
    result,
    ...(code === undefined ? {} : { code }),
    ...(rule === undefined ? {} : { rule }),
  });
}

/** Counts a remediation that has ended, and each cause it found; its length in seconds, by its own clock. */
export function countEnd({ startedAt, endedAt, outcome, request }: RemediationRecord): void {
  if (endedAt === undefined || !outcome) return;
  const { kind, causes } = outcome;
  count('rdp_medic.remediations.ended', 'Remediations that ended, by outcome', {
    outcome: kind,
    mode: request.mode,
  });
  for (const cause of causes) {
    count('rdp_medic.causes', 'Causes found, by outcome of the remediation', {
      cause,
      outcome: kind,
    });
  }
  meter()
    .createHistogram('rdp_medic.remediation.duration', {
      description: 'From the first check to the report',
      unit: 's',
      advice: {
        explicitBucketBoundaries: [30, 60, 120, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 86_400],
      },
    })
    .record((Date.parse(endedAt) - Date.parse(startedAt)) / 1000, { outcome: kind });
}

function gauge(name: string, description: string, value: number): void {
  meter().createGauge(name, { description }).record(value);
}

/** What goes on just now, at each round of the watchdog: with none of it too, which shows that the watchdog goes round. */
export interface GoingOn {
  readonly running: number;
  /** For longer than a remediation takes, and waiting for nobody. */
  readonly stuck: number;
  /** VMs that are down against our will. */
  readonly down: number;
}

export function measureGoingOn({ running, stuck, down }: GoingOn): void {
  gauge('rdp_medic.remediations.running', 'Running remediations', running);
  gauge('rdp_medic.remediations.stuck', 'Running remediations that take too long', stuck);
  gauge('rdp_medic.vms.down', 'VMs that the service took down and could not start again yet', down);
}

/** Resources that the janitor would delete and could not, or must not. */
export function measureLeftovers(left: number): void {
  gauge('rdp_medic.leftovers', 'Leftover resources that could not be deleted', left);
}

/** Counts a message that came to nothing; queues that end with `-poison` hold what the host gave up on. */
export function countAside(queue: string, code: string): void {
  count('rdp_medic.messages.aside', 'Poison messages, by queue and reason', { queue, code });
}

/** Counts a notification; `code` says why one was not sent. */
export function countNotification(channel: string, event: string, code?: string): void {
  count('rdp_medic.notifications', 'Notifications to Teams, Slack and webhooks', {
    channel,
    event,
    result: code === undefined ? 'sent' : 'failed',
    ...(code === undefined ? {} : { code }),
  });
}

/** Counts a comment to a ticket; `code` says why one was not sent. */
export function countComment(connector: string, event: string, code?: string): void {
  count('rdp_medic.ticket.comments', 'Comments to tickets', {
    connector,
    event,
    result: code === undefined ? 'sent' : 'failed',
    ...(code === undefined ? {} : { code }),
  });
}
