import { createHash } from 'node:crypto';
import {
  context,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Link,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import type { RemediationRecord, StepRecord } from './model/record.ts';
import type { TraceRef } from './model/trace-ref.ts';

/**
 * One trace a remediation, whatever host, restart or take-over carries it on: the ids of the trace, of its root and of its steps are derived from
 * the id of the remediation, so that nothing has to be handed through the durable engine. The root and the steps are told when it has ended,
 * from its record; activities and calls to Azure when they are done. Without a tracer provider all of this does nothing (docs/telemetry.md).
 */
const tracer = (): Tracer => trace.getTracer('rdp-medic');

interface Ids {
  readonly traceId: string;
  readonly spanId: string;
}

const rootOf = (remediationId: string): Ids => ({
  traceId: hexOf(`trace ${remediationId}`, 32),
  spanId: hexOf(`root ${remediationId}`, 16),
});

const stepOf = (remediationId: string, step: number): Ids => ({
  ...rootOf(remediationId),
  spanId: hexOf(`step ${String(step)} ${remediationId}`, 16),
});

function hexOf(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** Ids that the next span is to have; the provider's id generator asks for them. */
let wanted: Ids | undefined;
export const wantedIds = (): Ids | undefined => wanted;

function beginWith(
  ids: Ids,
  name: string,
  parent: Ids | undefined,
  attributes: Attributes,
  at: string,
): void {
  wanted = ids;
  try {
    const options = {
      kind: SpanKind.INTERNAL,
      root: parent === undefined,
      startTime: Date.parse(at),
      attributes,
    };
    const span = tracer().startSpan(name, options, parent && parentContext(parent));
    const { 'rdp_medic.problem': problem, 'rdp_medic.ended_at': endedAt } = attributes;
    if (problem !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(Date.parse(String(endedAt)));
  } finally {
    wanted = undefined;
  }
}

function parentContext(parent: Ids): ReturnType<typeof context.active> {
  return trace.setSpanContext(context.active(), {
    ...parent,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
}

/** Tells that a request started a remediation, or joined it. */
export function traceRequest(
  remediationId: string,
  { kind, name, result }: { kind: string; name?: string | undefined; result: string },
): void {
  const attributes = {
    'rdp_medic.remediation': remediationId,
    'rdp_medic.source': name === undefined ? kind : `${kind} ${name}`,
    'rdp_medic.result': result,
  };
  tracer()
    .startSpan('request', { attributes }, parentContext(rootOf(remediationId)))
    .end();
}

/** Tells the root of the trace and its steps, from the record of a remediation that has ended; once. */
export function traceRemediation(record: RemediationRecord): void {
  const { id, vm, request, startedAt, endedAt, outcome, steps } = record;
  if (endedAt === undefined) return;
  beginWith(
    rootOf(id),
    'remediation',
    undefined,
    {
      'rdp_medic.remediation': id,
      'rdp_medic.vm': vm.id,
      'rdp_medic.source': request.source.kind,
      'rdp_medic.mode': request.mode,
      'rdp_medic.outcome': outcome?.kind ?? 'unknown',
      'rdp_medic.causes': outcome?.causes ?? [],
      'rdp_medic.ended_at': endedAt,
      ...(outcome?.kind === 'failed' && { 'rdp_medic.problem': 'failed' }),
    },
    startedAt,
  );
  for (const [index, step] of steps.entries())
    beginWith(stepOf(id, index), step.id, rootOf(id), attributesOf(step, endedAt), step.startedAt);
}

function attributesOf({ state, error, endedAt }: StepRecord, otherwise: string): Attributes {
  return {
    'rdp_medic.state': state,
    'rdp_medic.ended_at': endedAt ?? otherwise,
    ...(error && { 'rdp_medic.problem': error.code }),
  };
}

/** What came of some work, as far as its span tells it. */
interface Done {
  /** Code of the problem it ended with. */
  problem?: string | undefined;
}

/**
 * Does some work in a span of its own, under its step where it belongs to one, and as what all that is called meanwhile stands under.
 * @param hostSpan `traceparent` of the host's invocation, which is linked to
 * @param doneOf tells what came of it
 */
export async function inSpan<T>(
  name: string,
  { ref, hostSpan }: { ref: TraceRef | undefined; hostSpan?: string | undefined },
  work: () => Promise<T>,
  doneOf: (value: T) => Done = () => ({}),
): Promise<T> {
  if (ref === undefined) return work();
  const { remediationId, step } = ref;
  const parent = parentContext(step === undefined ? rootOf(remediationId) : stepOf(remediationId, step));
  const attributes = { 'rdp_medic.remediation': remediationId };
  const options = { kind: SpanKind.INTERNAL, attributes, links: linksTo(hostSpan) };
  return tracer().startActiveSpan(name, options, parent, async (span) => {
    try {
      const value = await work();
      const { problem } = doneOf(value);
      if (problem !== undefined)
        span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('rdp_medic.problem', problem);
      return value;
    } finally {
      span.end();
    }
  });
}

function linksTo(traceparent: string | undefined): Link[] {
  const [, traceId = '', spanId = ''] = traceparent?.split('-') ?? [];
  const linked: SpanContext = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(linked) ? [{ context: linked }] : [];
}

export interface Answered {
  status: number;
  /** Azure's own id of the call, by which its support finds it. */
  requestId: string | undefined;
}

/**
 * A call to another system, as a span under what is being done now; where nothing is, it is in no trace.
 * @param path without its query, in which secrets may stand
 */
export async function inCall<T>(
  { name, method, host, path }: { name: string; method: string; host: string; path: string },
  call: () => Promise<T>,
  answeredOf: (value: T) => Answered,
): Promise<T> {
  if (trace.getActiveSpan() === undefined) return call();
  const attributes = { 'http.request.method': method, 'server.address': host, 'url.path': path };
  return tracer().startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      const value = await call();
      const { status, requestId } = answeredOf(value);
      span.setAttribute('http.response.status_code', status);
      if (requestId !== undefined) span.setAttribute('az.service_request_id', requestId);
      if (status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
      return value;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
