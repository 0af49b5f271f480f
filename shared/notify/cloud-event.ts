import { createHmac } from 'node:crypto';
import { elapsed } from '../report/time.ts';
import { endOf } from '../report/downtime.ts';
import type { Message } from './message.ts';

const TYPES: Readonly<Record<Message['event'], string>> = {
  started: 'rdp-medic.remediation.started',
  approval: 'rdp-medic.remediation.approval-requested',
  down: 'rdp-medic.remediation.vm-down',
  done: 'rdp-medic.remediation.succeeded',
  failed: 'rdp-medic.remediation.failed',
};

/** The event as CloudEvents 1.0 has it, in structured mode (github.com/cloudevents/spec, JSON event format). */
export function cloudEvent({ id, event, at, title, text, address, record }: Message): unknown {
  const { vm, attempt, request, outcome, question, downSince, outages = [], startedAt, endedAt } = record;
  const down = outages.reduce((sum, one) => sum + elapsed(one.from, endOf(one) ?? endedAt ?? at), 0);
  return {
    specversion: '1.0',
    id,
    source: address.slice(0, -'/report'.length),
    type: TYPES[event],
    subject: vm.id,
    time: at,
    datacontenttype: 'application/json',
    data: {
      remediationId: record.id,
      attempt,
      mode: request.mode,
      vm: { id: vm.id, name: vm.name, resourceGroup: vm.resourceGroup, subscriptionId: vm.subscriptionId },
      title,
      summary: text,
      startedAt,
      ...(endedAt !== undefined && { endedAt }),
      ...(outcome && { outcome: outcome.kind, causes: outcome.causes }),
      ...(question && { approval: question }),
      ...(downSince !== undefined && { downSince }),
      downtimeSeconds: Math.round(down / 1000),
      report: address,
    },
  };
}

/**
 * Headers by which the receiver knows who sent it, and when (Standard Webhooks 1.0.0, standardwebhooks.com): HMAC-SHA256 over id, time
 * of sending and body. The id is the event's, the same at each try.
 * @param sentAt seconds since the epoch
 */
export function signatureHeaders(
  id: string,
  sentAt: number,
  body: string,
  key: Buffer,
): Record<string, string> {
  const signature = createHmac('sha256', key)
    .update(`${id}.${String(sentAt)}.${body}`)
    .digest('base64');
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': String(sentAt),
    'webhook-signature': `v1,${signature}`,
  };
}
