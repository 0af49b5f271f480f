import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { inRows } from '../support/rows.ts';
import { say, waitedLong } from './support/approval.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();

let theatre: Theatre;
beforeAll(async () => {
  const fleet = ['one', 'other'].map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  const limits = { coolDownMinutes: 0, attemptsPerDay: 100, concurrentPerSubscription: 1 };
  theatre = await openTheatre(67, {
    clock: createVirtualClock(now),
    fleet,
    policy: { approval: { modes: ['full'] }, limits },
  });
});
afterAll(() => theatre.close());

inRows(
  'a repair that waits for approval holds no place meanwhile, and goes on once there is one',
  async () => {
    const first = theatre.remediate('one');
    await waitedLong(theatre, 'one');
    const second = theatre.remediate('other');
    await waitedLong(theatre, 'other');
    expect(await say(theatre, 'one', 'approval', { approved: true })).toBe(202);
    expect(await say(theatre, 'other', 'approval', { approved: true })).toBe(202);
    for (const record of [await first, await second]) {
      expect(record.outcome?.kind).toBe('repaired-offline');
      expectNothingLeft(theatre, record);
    }
  },
);
