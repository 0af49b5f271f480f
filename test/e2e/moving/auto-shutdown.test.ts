import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { describeInRows } from '../../support/rows.ts';

const NOON = Date.UTC(2026, 10, 26, 12);
const clock = createVirtualClock(NOON);

/** Berlin is an hour ahead of UTC then. */
const SCHEDULES = {
  soon: { time: '1310', timeZoneId: 'W. Europe Standard Time' },
  'soon-but-off': { time: '1310', timeZoneId: 'W. Europe Standard Time', status: 'Disabled' },
  tonight: { time: '1900', timeZoneId: 'UTC' },
} as const;

let theatre: Theatre;
beforeAll(async () => {
  const fleet = Object.entries(SCHEDULES).map(([name, autoShutdown]) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now: NOON });
    return { ...rest, spec: { ...spec, name, autoShutdown } };
  });
  theatre = await openTheatre(170, { clock, fleet });
});
afterAll(() => theatre.close());

describeInRows('Auto-shutdown', () => {
  it('a VM that is shut down by itself within the downtime is not taken down', async () => {
    const record = await theatre.remediate('soon');
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.refusals).toEqual([
      expect.objectContaining({
        code: 'OutsideMaintenanceWindow',
        message: expect.stringContaining(
          'soon has auto-shutdown every day at 13:10 (Europe/Berlin)',
        ) as string,
      }),
    ]);
    expect(record.plan?.lines.join('\n')).toContain('every day at 13:10 (Europe/Berlin)');
    expect(theatre.stage.lab.vm('soon').power).toBe('running');
    expect(theatre.stage.lab.requests().filter(({ path }) => path.endsWith('/soon/deallocate'))).toEqual([]);
    expect(theatre.leftovers()).toEqual([]);
  });

  it('a schedule that is switched off is none', async () => {
    const record = await theatre.remediate('soon-but-off');
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(record.plan?.lines.join('\n')).not.toContain('auto-shutdown');
  });

  it('a VM that cannot be started stays down once the time of its auto-shutdown has come', async () => {
    const { lab } = theatre.stage;
    lab.faults.add(...parseFaults('1+* *start/action@tonight=409(SkuNotAvailable)'));
    const record = await theatre.remediate('tonight');
    lab.faults.clear();
    expect(record.errors.map(({ message }) => message).join('\n')).toContain(
      'tonight is left stopped: its auto-shutdown is every day at 19:00 (UTC)',
    );
    expect(lab.vm('tonight').power).toBe('deallocated');
    expect(new Date(clock.now()).toISOString()).toMatch(/^2026-11-26T19:[0-2]/);
    expect(record.downSince).toBeDefined();
  });
});
