import type { RemediationRecord } from '../../../shared/model/record.ts';
import { viewDowntime } from '../../../shared/report/downtime.ts';
import { viewTimeline } from '../../../shared/report/timeline.ts';
import { fullRecord } from './records.ts';

const DOWN = { why: 'offline-repair', from: '2026-03-01T12:00:00.000Z' } as const;
const RUNNING = { ...DOWN, runningAt: '2026-03-01T12:05:10.000Z' };
const ANSWERS = { ...RUNNING, answeredAt: '2026-03-01T12:05:45.000Z' };

function withOutages(...outages: NonNullable<RemediationRecord['outages']>): RemediationRecord {
  return { ...fullRecord(), outages };
}

/** As records were does not include a measured downtime. */
function oldRecord(): RemediationRecord {
  const { outages: _outages, ...old } = fullRecord();
  return old;
}

describe('The downtime', () => {
  it.each([
    ['until RDP answers', withOutages(ANSWERS), '5 min 45 s', /until RDP responded/],
    [
      'until the VM runs, where RDP never answered',
      withOutages(RUNNING),
      '5 min 10 s',
      /until the VM was running again/,
    ],
    [
      'to the end of the record, while it is down',
      withOutages(DOWN),
      /^26 min 40 s, and still down$/,
      /is not running again/,
    ],
    [
      'of several times together',
      withOutages(ANSWERS, { ...ANSWERS, why: 'restart' }),
      '11 min 30 s',
      /Measured/,
    ],
    ['none, where nothing was stopped', withOutages(), 'None', /neither stopped nor restarted/],
  ] as const)('is counted %s', (_what, record, short, sentence) => {
    const view = viewDowntime(record);
    if (typeof short === 'string') expect(view.short).toBe(short);
    else expect(view.short).toMatch(short);
    expect(view.sentence).toMatch(sentence);
  });

  it('of a record from before it was measured is told as about so much, from its steps', () => {
    const view = viewDowntime(oldRecord());
    expect(view.short).toMatch(/^about /);
    expect(view.sentence).toContain('does not include a measured downtime');
  });

  it('of a rehearsal is none, with what it would be', () => {
    const { request, ...record } = withOutages();
    const view = viewDowntime({ ...record, request: { ...request, mode: 'rehearse' } });
    expect(view.short).toBe('None; about 8 min if it is repaired offline');
    expect(view.sentence).toContain('The repair of the copy took 2 min 30 s');
  });
});

describe('The timeline', () => {
  const percent = (text: string): number => Number(text.replace('%', ''));

  it('has a bar for each step that did something and for what was taken back, within its width', () => {
    const view = viewTimeline(fullRecord());
    expect(view?.bars.map(({ label }) => label.split(' · ')[0])).toEqual([
      'Preflight',
      'Snapshot',
      'RDP access',
      'TLS',
      'Offline repair',
      'Disk swap',
      'Verify',
      'Clean-up',
      'Undo',
    ]);
    for (const { x, width } of view?.bars ?? []) {
      expect(percent(x)).toBeGreaterThanOrEqual(0);
      expect(percent(x) + percent(width)).toBeLessThanOrEqual(100.01);
    }
  });

  it('shows when the VM was down', () => {
    const [band] = viewTimeline(fullRecord())?.bands ?? [];
    expect(percent(band?.x ?? '')).toBeCloseTo((100 * 3.75) / 26.667, 0);
    expect(percent(band?.width ?? '')).toBeCloseTo((100 * 20.5) / 26.667, 0);
  });

  it('draws a day of waiting for approval shorter than it was, and says so', () => {
    const record = fullRecord();
    const [first, ...others] = record.steps;
    const wait = {
      ...first!,
      id: 'approval' as const,
      startedAt: '2026-03-01T12:00:06.000Z',
      endedAt: '2026-03-02T10:00:06.000Z',
    };
    const later = (moment: string): string => new Date(Date.parse(moment) + 22 * 3_600_000).toISOString();
    const steps = [
      first!,
      wait,
      ...others.map((step) => ({
        ...step,
        startedAt: later(step.startedAt),
        endedAt: later(step.endedAt ?? step.startedAt),
      })),
    ];
    const view = viewTimeline({
      ...record,
      steps,
      undo: [],
      outages: [],
      endedAt: later(record.endedAt ?? ''),
    });
    const widthOf = (name: string): number =>
      percent(view?.bars.find(({ label }) => label.startsWith(name))?.width ?? '');
    expect(widthOf('Wait for approval')).toBeLessThan(35);
    expect(widthOf('Offline repair')).toBeGreaterThan(30);
    expect(view?.description).toContain('drawn shorter than it was');
  });

  it('is not there before the first step', () => {
    expect(viewTimeline({ ...fullRecord(), steps: [], undo: [] })).toBeUndefined();
  });
});
