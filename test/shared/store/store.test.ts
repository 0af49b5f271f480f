import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import type { IntakeStore, RecordStore } from '../../../shared/intake/ports.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../../shared/model/record.ts';
import { instanceIdOf, newRemediationId } from '../../../shared/model/remediation-id.ts';
import { remediationRequestSchema } from '../../../shared/model/request.ts';
import { createIntakeStore } from '../../../shared/store/intake-store.ts';
import { createRecordStore } from '../../../shared/store/record-store.ts';
import { createRequestQueue } from '../../../shared/store/request-queue.ts';
import { memoryIntake } from '../../functions/triggers/memory.ts';
import { storageAccount } from '../../support/storage.ts';

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
const NOW = Date.parse('2026-03-01T12:00:00Z');
const vmIdOf = (name: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-fleet/providers/microsoft.compute/virtualmachines/${name}`;

let container: ContainerClient;
let number = 0;
let now = NOW;

beforeEach(async () => {
  now = NOW;
  const service = BlobServiceClient.fromConnectionString(storageAccount(20));
  container = service.getContainerClient(`store-${(number += 1)}`);
  await container.create();
});

function recordOf(
  name: string,
  startedAt: string,
  extra: Partial<RemediationRecord> = {},
): RemediationRecord {
  const vmId = vmIdOf(name);
  return remediationRecordSchema.parse({
    schema: 1,
    id: newRemediationId(instanceIdOf(vmId), Date.parse(startedAt)),
    attempt: 1,
    vm: { id: vmId, name, resourceGroup: 'rg-fleet', subscriptionId: SUBSCRIPTION },
    request: { vmId, source: { kind: 'manual' } },
    startedAt,
    phase: 'online',
    owner: { hub: 'TestHub', instance: 'vm-1', epoch: 1, nextSignBy: '2026-03-01T15:00:00Z' },
    refusals: [],
    steps: [],
    undo: [],
    cleanup: { removed: [], kept: [], leftovers: [] },
    errors: [],
    warnings: [],
    advice: [],
    ...extra,
  });
}

describe('The record store', () => {
  let records: RecordStore;
  beforeEach(() => {
    records = createRecordStore(container);
  });

  it('gives back the record that was written last', async () => {
    const record = recordOf('tls', '2026-03-01T10:00:00.000Z', { advice: ['Grüße, “quoted”'] });
    await records.write({ ...record, phase: 'snapshot' });
    await records.write(record);
    expect(await records.read(record.id)).toEqual(record);
    expect(await records.read(recordOf('tls', '2026-01-01T00:00:00.000Z').id)).toBeUndefined();
  });

  it('does not write over what another process wrote since', async () => {
    const elsewhere = createRecordStore(container);
    const record = recordOf('tls', '2026-03-02T10:00:00.000Z');
    await records.write(record);
    await elsewhere.write({ ...record, advice: ['elsewhere'] });
    await records.write({ ...record, phase: 'snapshot' });
    expect((await elsewhere.read(record.id))?.phase).toBe('snapshot');

    expect(await elsewhere.takeOver(record.id, { ...record.owner, epoch: record.owner.epoch + 1 })).toBe(
      true,
    );
    await expect(records.write(record)).rejects.toMatchObject({ code: 'Superseded' });
    expect((await records.read(record.id))?.owner.epoch).toBe(record.owner.epoch + 1);
  });

  it('lists attempts, the newest first, with what the list needs', async () => {
    const outcome = { kind: 'repaired-online' as const, summary: 'Repaired', causes: [] };
    const ended = { phase: 'ended' as const, outcome, endedAt: '2026-03-01T09:30:00.000Z' };
    const first = recordOf('tls', '2026-03-01T09:00:00.000Z', ended);
    const second = recordOf('tls', '2026-03-01T11:00:00.000Z');
    const other = recordOf('rdp-port', '2026-03-01T10:00:00.000Z');
    await records.write(first, '<p>report</p>');
    for (const record of [second, other]) await records.write(record);

    expect(await records.attempts(vmIdOf('tls'))).toEqual([
      { id: second.id, vmId: vmIdOf('tls'), phase: 'online', startedAt: second.startedAt },
      {
        id: first.id,
        vmId: vmIdOf('tls'),
        phase: 'ended',
        outcome: 'repaired-online',
        startedAt: first.startedAt,
        endedAt: first.endedAt,
      },
    ]);
    expect((await records.list()).map(({ id }) => id)).toEqual([second.id, other.id, first.id]);
    expect(await records.list({ limit: 1 })).toHaveLength(1);
    expect(await records.list({ outcome: 'repaired-online' })).toMatchObject([{ id: first.id }]);
    expect(await records.list({ vmId: vmIdOf('rdp-port') })).toMatchObject([{ id: other.id }]);
  });

  it('keeps the report beside the record', async () => {
    const record = recordOf('tls', '2026-03-01T10:00:00.000Z');
    await records.write(record);
    expect(await records.readReport(record.id)).toBeUndefined();
    await records.write(record, '<p>Grüße</p>');
    expect(await records.readReport(record.id)).toBe('<p>Grüße</p>');
  });

  it('tells of no end whose report is not there yet', async () => {
    const record = recordOf('tls', '2026-03-01T10:00:00.000Z');
    await records.write(record, '<p>at first</p>');
    const held = container.getBlobClient(`${record.id}/report.html`).getBlobLeaseClient();
    await held.acquireLease(-1);
    const ended = { ...record, endedAt: '2026-03-01T11:00:00.000Z' };
    await expect(records.write(ended, '<p>at the end</p>')).rejects.toMatchObject({ statusCode: 412 });
    expect((await records.read(record.id))?.endedAt).toBeUndefined();

    await held.releaseLease();
    await records.write(ended, '<p>at the end</p>');
    expect(await records.readReport(record.id)).toBe('<p>at the end</p>');
    expect((await records.read(record.id))?.endedAt).toBe(ended.endedAt);
  });

  it('leaves the report of whoever carries the remediation on by now', async () => {
    const record = recordOf('tls', '2026-03-01T10:00:00.000Z');
    await records.write(record);
    const next = { ...record.owner, epoch: record.owner.epoch + 1 };
    const elsewhere = createRecordStore(container);
    expect(await elsewhere.takeOver(record.id, next)).toBe(true);
    await elsewhere.write({ ...record, owner: next }, '<p>of the next</p>');
    await expect(records.write(record, '<p>of the one before</p>')).rejects.toMatchObject({
      code: 'Superseded',
    });
    expect(await records.readReport(record.id)).toBe('<p>of the next</p>');
  });
});

describe.each<[string, () => IntakeStore]>([
  ['in blobs', () => createIntakeStore(container, { now: () => now })],
  ['in memory, as the tests of the triggers use it', () => memoryIntake(() => now)],
])('The intake store %s', (_where, create) => {
  let intake: IntakeStore;
  beforeEach(() => {
    intake = create();
  });
  const never = (): Promise<boolean> => Promise.resolve(false);
  const holder = (instanceId: string) => ({ instanceId, takenAt: NOW });

  it('lets a key be claimed once, by one of many at a time, and again after it was released', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, () => intake.claim('signature', 'a/b?c')));
    expect(claims.filter(Boolean)).toHaveLength(1);
    await intake.release('signature', 'a/b?c');
    expect(await intake.claim('signature', 'a/b?c')).toBe(true);
    expect(await intake.claim('signature', 'another')).toBe(true);
  });

  it('says whether a key is claimed without claiming it', async () => {
    expect(await intake.isClaimed('told', 'k')).toBe(false);
    expect(await intake.isClaimed('told', 'k')).toBe(false);
    await intake.claim('told', 'k');
    expect(await intake.isClaimed('told', 'k')).toBe(true);
    expect(await intake.isClaimed('news', 'k')).toBe(false);
  });

  it('keeps the tickets that follow a remediation, each once', async () => {
    const ticket = { kind: 'ticket' as const, name: 'jira', id: 'FLEET-7' };
    await intake.follow('vm-1', ticket);
    await intake.follow('vm-1', ticket);
    await intake.follow('vm-1', { ...ticket, id: 'FLEET-8' });
    expect((await intake.followers('vm-1')).map(({ id }) => id).sort()).toEqual(['FLEET-7', 'FLEET-8']);
    expect(await intake.followers('vm-2')).toEqual([]);
  });

  it('keeps the first answer to a key', async () => {
    const answer = (status: number) => ({
      bodyHash: 'h',
      status,
      headers: { location: '/x' },
      body: { status },
    });
    expect(await intake.readAnswer('k')).toBeUndefined();
    const kept = await Promise.all([201, 202, 203].map((status) => intake.keepAnswer('k', answer(status))));
    expect(new Set(kept.map(({ status }) => status)).size).toBe(1);
    expect(await intake.readAnswer('k')).toEqual(kept[0]);
  });

  it('gives out no more places than there are, to however many at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `vm-${index}`);
    const taken = await Promise.all(
      names.map((name) => intake.takePlace(SUBSCRIPTION, 5, holder(name), never)),
    );
    expect(taken.filter(Boolean)).toHaveLength(5);
    expect(await intake.placeHolders(SUBSCRIPTION)).toHaveLength(5);
    expect(await intake.placeHolders('another')).toEqual([]);
  });

  it('gives an instance the place it has', async () => {
    expect(await intake.takePlace(SUBSCRIPTION, 1, holder('vm-a'), never)).toBe(true);
    expect(await intake.takePlace(SUBSCRIPTION, 1, holder('vm-a'), never)).toBe(true);
    expect(await intake.placeHolders(SUBSCRIPTION)).toHaveLength(1);
  });

  it('gives the place of one that is over to one of those who want it', async () => {
    await intake.takePlace(SUBSCRIPTION, 2, holder('vm-a'), never);
    await intake.takePlace(SUBSCRIPTION, 2, holder('vm-b'), never);
    const over = ({ instanceId }: { instanceId: string }) => Promise.resolve(instanceId === 'vm-a');
    const taken = await Promise.all(
      ['vm-c', 'vm-d', 'vm-e'].map((name) => intake.takePlace(SUBSCRIPTION, 2, holder(name), over)),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    const holders = (await intake.placeHolders(SUBSCRIPTION)).map(({ instanceId }) => instanceId);
    expect(holders).toHaveLength(2);
    expect(holders).toContain('vm-b');
    expect(holders).not.toContain('vm-a');
  });

  it('takes a place back', async () => {
    await intake.takePlace(SUBSCRIPTION, 1, holder('vm-a'), never);
    await intake.freePlace(SUBSCRIPTION, 'vm-a');
    expect(await intake.takePlace(SUBSCRIPTION, 1, holder('vm-b'), never)).toBe(true);
  });

  it('gives out no more turns within a time than there are, to however many at once', async () => {
    const take = () => intake.takeTurn('source:alert', 5, 3600);
    const taken = await Promise.all(Array.from({ length: 12 }, take));
    expect(taken.filter(Boolean)).toHaveLength(5);
    expect(await intake.turnsTaken('source:alert', 3600)).toBe(5);
    expect(await intake.takeTurn('source:queue', 5, 3600)).toBe(true);
    now += 3600_000;
    expect(await intake.turnsTaken('source:alert', 3600)).toBe(0);
    expect(await take()).toBe(true);
  });

  it('knows who waits, and forgets a mark that nobody renewed', async () => {
    const mark = () => ({
      instanceId: 'vm-a',
      vmId: 'a',
      since: new Date(now).toISOString(),
      reason: 'full',
    });
    expect(await intake.startWaiting(mark())).toBe(true);
    now += 500_000;
    expect(await intake.startWaiting(mark())).toBe(false);
    now += 500_000;
    expect(await intake.startWaiting(mark())).toBe(false);
    now += 601_000;
    expect(await intake.startWaiting(mark())).toBe(true);
    expect(await intake.listWaiting()).toEqual([mark()]);
    await intake.stopWaiting('vm-a');
    expect(await intake.listWaiting()).toEqual([]);
  });

  it('keeps why a message failed, and what was put aside', async () => {
    const problem = { code: 'VmNotFound' as const, message: 'gone', next: 'check' };
    await intake.noteFailure('m-1', problem);
    expect(await intake.readFailure('m-1')).toEqual(problem);
    expect(await intake.readFailure('m-2')).toBeUndefined();
    const request = remediationRequestSchema.parse({ vmId: vmIdOf('tls'), source: { kind: 'queue' } });
    const message = {
      id: 'm-1',
      at: '2026-03-01T12:00:00Z',
      queue: 'q',
      problem,
      sha256: 'x',
      bytes: 3,
      request,
    };
    await intake.putAside(message);
    expect(await intake.listAside()).toEqual([message]);
    for (let index = 0; index < 30; index++)
      await intake.putAside({ ...message, id: `more-${String(index)}` });
    expect(await intake.listAside()).toHaveLength(31);
    expect(await intake.listAside(7)).toHaveLength(7);
  });
});

describe('The request queue', () => {
  it('sends what the queue trigger reads', async () => {
    const client = QueueServiceClient.fromConnectionString(storageAccount(20)).getQueueClient('requests');
    await client.create();
    const request = remediationRequestSchema.parse({
      vmId: vmIdOf('tls'),
      source: { kind: 'alert', id: 'a' },
    });
    await createRequestQueue(client).send(request, 0);
    const { receivedMessageItems } = await client.receiveMessages();
    expect(receivedMessageItems.map(({ messageText }): unknown => JSON.parse(messageText))).toEqual([
      request,
    ]);
  });
});
