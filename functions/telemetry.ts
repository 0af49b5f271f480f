import { context, metrics, trace } from '@opentelemetry/api';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { TelemetryConfig } from '../shared/config.ts';
import { wantedIds } from '../shared/tracing.ts';

/** How often metrics are sent, in milliseconds. */
const METRICS_EVERY = 60_000;

interface Exporters {
  spans: SpanExporter[];
  metrics: PushMetricExporter[];
}

/**
 * Sends spans and metrics to Application Insights, to a collector that speaks OTLP over HTTP (whose own `OTEL_…` settings hold besides), or to
 * both; to none where neither is set, and then nothing of it is even loaded. Log lines are the Functions host's to send.
 * Source: Use OpenTelemetry with Azure Functions (learn.microsoft.com, azure/azure-functions/opentelemetry-howto).
 * @returns how it is stopped, with what is left to send
 */
export async function startTelemetry(
  config: TelemetryConfig,
  about: { version: string; deployment: string },
): Promise<() => Promise<void>> {
  const exporters = await exportersOf(config);
  if (exporters.spans.length === 0) return () => Promise.resolve();
  const [{ AsyncLocalStorageContextManager }, { resourceFromAttributes }, metric, span] = await Promise.all([
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/sdk-trace-base'),
  ]);
  const resource = resourceFromAttributes({
    'service.name': 'rdp-medic',
    'service.version': about.version,
    'service.instance.id': about.deployment,
  });
  const chance = new span.RandomIdGenerator();
  const spans = new span.BasicTracerProvider({
    resource,
    idGenerator: {
      generateTraceId: () => wantedIds()?.traceId ?? chance.generateTraceId(),
      generateSpanId: () => wantedIds()?.spanId ?? chance.generateSpanId(),
    },
    spanProcessors: exporters.spans.map((exporter) => new span.BatchSpanProcessor(exporter)),
  });
  const meters = new metric.MeterProvider({
    resource,
    readers: exporters.metrics.map(
      (exporter) =>
        new metric.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: METRICS_EVERY }),
    ),
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(spans);
  metrics.setGlobalMeterProvider(meters);
  return async () => {
    await Promise.allSettled([spans.shutdown(), meters.shutdown()]);
    for (const api of [context, trace, metrics]) api.disable();
  };
}

async function exportersOf({ applicationInsights, otlp }: TelemetryConfig): Promise<Exporters> {
  const exporters: Exporters = { spans: [], metrics: [] };
  if (applicationInsights) {
    const { AzureMonitorMetricExporter, AzureMonitorTraceExporter } =
      await import('@azure/monitor-opentelemetry-exporter');
    const { connectionString, clientId } = applicationInsights;
    // The exporter does not read the host's setting of how to sign in.
    const { ManagedIdentityCredential } = await import('@azure/identity');
    const credential =
      clientId === undefined
        ? {}
        : {
            credential:
              clientId === '' ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId }),
          };
    exporters.spans.push(new AzureMonitorTraceExporter({ connectionString, ...credential }));
    exporters.metrics.push(new AzureMonitorMetricExporter({ connectionString, ...credential }));
  }
  if (otlp) {
    const [{ OTLPTraceExporter }, { OTLPMetricExporter }] = await Promise.all([
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/exporter-metrics-otlp-http'),
    ]);
    exporters.spans.push(new OTLPTraceExporter());
    exporters.metrics.push(new OTLPMetricExporter());
  }
  return exporters;
}
