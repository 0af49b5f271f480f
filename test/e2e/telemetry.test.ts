import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { labSettings } from '../../local/stage.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { startReceiver, type Receiver, type Span } from '../support/otlp.ts';
import { storageAccount } from '../support/storage.ts';
import { ended, startRemediation, type Host } from './support/host-process.ts';
import { openOutlivingLab, type OutlivingLab } from './support/outliving-lab.ts';

/** Lab time against real time. */
const time = { epoch: Date.now(), startedAtRealMs: Date.now(), rate: 60 };

let receiver: Receiver;
let outliving: OutlivingLab;
let host: Host;
let record: RemediationRecord;
/** All of one remediation. */
let spans: Span[];

beforeAll(async () => {
  receiver = await startReceiver();
  outliving = await openOutlivingLab(time, ['one', 'other'], 'rdp-certificate');
  const { folder, lab } = outliving;
  const settings = {
    ...labSettings(lab, { folder, storage: storageAccount(199) }),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  host = await outliving.startHost(settings, 'durable.sqlite');
  const ids = await Promise.all(['one', 'other'].map((name) => startRemediation(host, lab.vm(name).id)));
  [record] = await Promise.all([ended(host, ids[0] ?? ''), ended(host, ids[1] ?? '')]);
  await untilRootsCame(2);
  const { traceId } = receiver.spans.find(
    ({ name, attributes }) => name === 'remediation' && attributes['rdp_medic.remediation'] === record.id,
  ) ?? { traceId: '' };
  spans = receiver.spans.filter((span) => span.traceId === traceId);
});
afterAll(async () => {
  await outliving.close();
  await receiver.close();
});

async function untilRootsCame(count: number): Promise<void> {
  while (receiver.spans.filter(({ name }) => name === 'remediation').length < count) await pause(50);
  // Those that were on their way with it.
  await pause(300);
}

const named = (name: string): Span[] => spans.filter((span) => span.name === name);
const parentOf = (span: Span | undefined): string | undefined =>
  spans.find(({ spanId }) => spanId === span?.parentSpanId)?.name;

describe('the trace of a remediation', () => {
  it('is one, with nothing of another', () => {
    const traces = Object.groupBy(receiver.spans, ({ traceId }) => traceId);
    expect(Object.keys(traces)).toHaveLength(2);
    const remediations = Object.values(traces).map(
      (all = []) => new Set(all.flatMap(({ attributes }) => attributes['rdp_medic.remediation'] ?? [])),
    );
    expect(remediations.map(({ size }) => size)).toEqual([1, 1]);
  });

  it('has one root, which says what became of it', () => {
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots).toHaveLength(1);
    expect(roots[0]).toMatchObject({
      name: 'remediation',
      attributes: {
        'rdp_medic.remediation': record.id,
        'rdp_medic.vm': record.vm.id,
        'rdp_medic.outcome': 'repaired-online',
      },
      from: Date.parse(record.startedAt),
      to: Date.parse(record.endedAt ?? ''),
    });
  });

  it('has no span whose parent is not there', () => {
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId));
    expect(orphans.map(({ name }) => name)).toEqual([]);
  });

  it('has the request, and each step of the record under the root, in its time', () => {
    expect(parentOf(named('request')[0])).toBe('remediation');
    const roots = new Set(named('remediation').map(({ spanId }) => spanId));
    const steps = spans
      .filter((span) => roots.has(span.parentSpanId ?? '') && 'rdp_medic.state' in span.attributes)
      .toSorted((one, other) => one.from - other.from);
    expect(steps.map(({ name, from, to }) => ({ name, from, to }))).toEqual(
      record.steps.map(({ id, startedAt, endedAt = '' }) => ({
        name: id,
        from: Date.parse(startedAt),
        to: Date.parse(endedAt),
      })),
    );
  });

  it('has activities under the step that they are of, also those of sub-orchestrations', () => {
    // Begun beside the diagnosis, before its own step.
    expect(parentOf(named('beginSnapshot')[0])).toBe('remediation');
    expect(parentOf(named('readSecurityRules')[0])).toBe('rdp-security');
    expect(named('beginGuestScript').map(parentOf)).toEqual(expect.arrayContaining(['certificate-and-keys']));
    expect(parentOf(named('beginDeleteResource')[0])).toBe('clean-up');
  });

  it('has calls to Azure under the activity that makes them, with how they were answered', () => {
    const call = named('GET Microsoft.Compute/virtualMachines').find(
      (span) => parentOf(span) === 'inspectVm',
    );
    expect(call?.attributes).toMatchObject({
      'http.response.status_code': 200,
      'http.request.method': 'GET',
    });
    expect(call?.attributes['az.service_request_id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

it('sends metrics too, and what is left of both when the host stops', async () => {
  const gone = once(host.process, 'exit');
  host.process.kill('SIGTERM');
  await gone;
  expect([...receiver.metrics]).toEqual(
    expect.arrayContaining([
      'rdp_medic.requests',
      'rdp_medic.remediations.ended',
      'rdp_medic.remediation.duration',
    ]),
  );
});

it('sends no secret: neither a query string, in which signatures stand, nor a script', () => {
  const sent = receiver.texts.join('\n');
  for (const secret of ['sig=', 'SharedAccessSignature', 'AccountKey', 'x-functions-key', 'Param('])
    expect(sent).not.toContain(secret);
});
