import { nameOf } from '../../shared/model/vm-id.ts';
import { eachOf } from '../support/rows.ts';
import { expectRepaired, openTheatreFor, suffer, withNames, type Misfortune } from './support/misfortune.ts';
import { requestFor } from './support/offline-repair.ts';
import type { Theatre } from './support/theatre.ts';

/** Longer than the service tries anything. */
const TWO_DAYS = 2 * 86_400;
const vm = 'tls-agent-not-ready';
const request = requestFor('rebuild');

const rows = withNames<Misfortune>([
  { vm, what: 'nothing', faults: `PUT:*virtualMachines/write@$vm=hang(${TWO_DAYS})`, request },
  { vm, what: 'the VM built again', faults: `PUT:*virtualMachines/write@$vm=linger(${TWO_DAYS})`, request },
  { vm, what: 'the VM started', faults: `*start/action@$vm=linger(${TWO_DAYS})` },
]);
const [held, ...up] = rows;

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatreFor(290, rows);
});
afterAll(() => theatre.close());

it('a VM whose rebuild Azure never ends is reported as down, with the disk that it is on and the one that is its own', async () => {
  if (!held) throw new Error('There is no such row.');
  const { record, originalDiskId, diskId, notStruck } = await suffer(theatre, held);
  expect(notStruck).toEqual([]);
  expect(diskId).toMatch(/-repair-disk$/);
  expect(record).toMatchObject({ outcome: { kind: 'failed' }, downSince: expect.any(String) as string });
  const restored = record.steps.find(({ id }) => id === 'restore');
  expect(restored).toMatchObject({ state: 'failed', error: { code: 'OperationTimedOut' } });
  expect(restored?.actions).toEqual([
    { what: 'rebuild-vm', target: held.name, before: originalDiskId, after: diskId },
  ]);
  expect(record.changes?.find(({ what }) => what === 'rebuild-vm')?.takeBack).toContain('original OS disk');
  expect(record.undo.find(({ kind }) => kind === 'restore-os-disk')).toMatchObject({ done: false });
  expect(record.cleanup.kept).toContain(originalDiskId);
  expect(theatre.stage.lab.disk(originalDiskId).tags).toMatchObject({ 'rdp-medic-role': 'original-disk' });
  const answer = await theatre.stage.call('GET', `/api/remediations/${record.id}/report`);
  const report = await answer.text();
  for (const disk of [diskId ?? '', originalDiskId]) expect(report).toContain(nameOf(disk));
});

eachOf(up, 2)(
  'a VM that has come up repaired is repaired, though Azure does not call $what done',
  async (row) => {
    const aftermath = await suffer(theatre, row);
    expectRepaired(theatre, row.name, aftermath);
    const { record, originalDiskId } = aftermath;
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(record.originalDisk?.id).toBe(originalDiskId);
    expect(record.downSince).toBeUndefined();
    expect(record.warnings.join('\n')).toContain('although Azure did not report');
  },
);
