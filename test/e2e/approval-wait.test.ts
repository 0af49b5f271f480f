import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { newestOf, say, waitedLong } from './support/approval.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
const clock = createVirtualClock(now);

let theatre: Theatre;
beforeAll(async () => {
  const fleet = ['late', 'silent', 'off'].map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(66, {
    clock,
    fleet,
    policy: {
      approval: { modes: ['full'] },
      limits: { coolDownMinutes: 0, attemptsPerDay: 100, concurrentPerSubscription: 100 },
    },
  });
});
afterAll(() => theatre.close());

describe('a repair that waits for approval', () => {
  it('waits without rescue VM after half an hour, and rehearses again before the VM goes down', async () => {
    const ended = theatre.remediate('late');
    await waitedLong(theatre, 'late');
    expect(theatre.stage.lab.vm('late').power).toBe('running');
    expect(await newestOf(theatre, 'late')).toMatchObject({ phase: 'approval' });
    expect(await say(theatre, 'late', 'approval', { approved: true })).toBe(202);
    const record = await ended;
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(record.steps.filter(({ id }) => id === 'rehearsal')).toHaveLength(2);
    expectNothingLeft(theatre, record);
  });

  it('is over after a day without an answer, and an answer then comes too late', async () => {
    const before = theatre.osDiskOf('silent').id;
    const record = await theatre.remediate('silent');
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.steps.find(({ id }) => id === 'approval')?.detail).toBe(
      'Nobody approved it within 24 hours.',
    );
    expect(theatre.osDiskOf('silent').id).toBe(before);
    expect(theatre.stage.lab.vm('silent').power).toBe('running');
    expect(await say(theatre, 'silent', 'approval', { approved: true })).toBe(404);
    expectNothingLeft(theatre, record);
  });

  it('is called off while it waits', async () => {
    const ended = theatre.remediate('off');
    await waitedLong(theatre, 'off');
    expect(await say(theatre, 'off', 'cancel', { by: 'the owner' })).toBe(202);
    const record = await ended;
    expect(record.outcome?.kind).toBe('cancelled');
    expect(theatre.stage.lab.vm('off').power).toBe('running');
    expectNothingLeft(theatre, record);
  });
});
