import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import type { Drawn } from '../../scripts/pictures/trace.ts';

const valueSchema = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.coerce.number().optional(),
});
const spanSchema = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: valueSchema })).default([]),
  status: z.object({ code: z.number().optional() }).default({}),
});
const tracesSchema = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) })),
});
const metricsSchema = z.object({
  resourceMetrics: z.array(
    z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(z.looseObject({ name: z.string() })) })) }),
  ),
});

/** A span as a collector gets it; times in milliseconds since the epoch. */
export type Span = Drawn;

export interface Receiver {
  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` is set to. */
  url: string;
  spans: Span[];
  /** Names of the metrics that came. */
  metrics: Set<string>;
  /** Everything that came, as it was sent. */
  texts: string[];
  close(): Promise<void>;
}

/** Stands in for a collector: takes OTLP over HTTP in JSON, and keeps it. */
export async function startReceiver(): Promise<Receiver> {
  const spans: Span[] = [];
  const metrics = new Set<string>();
  const texts: string[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body: unknown) => {
      texts.push(JSON.stringify(body));
      if (request.url === '/v1/traces') spans.push(...spansIn(body));
      if (request.url === '/v1/metrics') for (const name of metricsIn(body)) metrics.add(name);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    spans,
    metrics,
    texts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function spansIn(body: unknown): Span[] {
  return tracesSchema.parse(body).resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId === '' ? undefined : span.parentSpanId,
        name: span.name,
        from: Math.round(Number(span.startTimeUnixNano) / 1e6),
        to: Math.round(Number(span.endTimeUnixNano) / 1e6),
        failed: span.status.code === 2,
        attributes: Object.fromEntries(
          span.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']),
        ),
      })),
    ),
  );
}

function metricsIn(body: unknown): string[] {
  return metricsSchema
    .parse(body)
    .resourceMetrics.flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
    );
}
