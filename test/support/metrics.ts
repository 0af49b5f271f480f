import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';

export interface CollectedMetrics {
  /** Every series of a metric as `attribute=value …: number`; of a histogram, its sum. */
  seriesOf(name: string): Promise<string[]>;
  /** Everything collected, as JSON. */
  everything(): Promise<string>;
  close(): Promise<void>;
}

/** Collects in memory what is counted from now on. */
export function collectMetrics(): CollectedMetrics {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const latest = async () => {
    await reader.forceFlush();
    return (
      exporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
    );
  };
  return {
    async seriesOf(name) {
      const points = (await latest()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
      return points
        .map(({ attributes, value }) => {
          const labels = Object.entries(attributes).map(([key, label]) => `${key}=${String(label)}`);
          return `${labels.sort().join(' ')}: ${String(typeof value === 'number' ? value : value.sum)}`;
        })
        .sort();
    },
    everything: async () => JSON.stringify(await latest()),
    async close() {
      metrics.disable();
      await reader.shutdown();
    },
  };
}
