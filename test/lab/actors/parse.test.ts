import { parseActors, writeDeed } from '../../../lab/actors/parse.ts';

const DEALLOCATE = 'Microsoft.Compute/virtualMachines/deallocate/action';
const start = { verb: 'start', words: [], settings: {} };

describe('compact form of actors', () => {
  it('reads who, before which call, and what is done', () => {
    expect(parseActors(`watchdog: 2 ${DEALLOCATE}@web-01 -> start`)).toEqual([
      {
        who: 'watchdog',
        when: { kind: 'before', match: { action: DEALLOCATE, resource: 'web-01' }, from: 2 },
        deeds: [start],
      },
    ]);
  });

  it.each([
    ['PUT:* -> start', { kind: 'before', match: { method: 'PUT' } }],
    [
      '3+* */disks/write -> start',
      { kind: 'before', match: { action: '*/disks/write' }, from: 3, times: Infinity },
    ],
    [
      'after +2 */disks/write +30s -> start',
      { kind: 'after', match: { action: '*/disks/write' }, times: 2, delaySeconds: 30 },
    ],
    ['once */start/action -> start', { kind: 'once', match: { action: '*/start/action' } }],
    ['in 90s x5 -> start', { kind: 'in', seconds: 90, times: 5 }],
    ['now -> start', { kind: 'in', seconds: 0 }],
    ['at 2026-01-15T09:10:00Z -> start', { kind: 'at', time: Date.UTC(2026, 0, 15, 9, 10) }],
  ])('reads the moment of %p', (text, when) => {
    expect(parseActors(text)).toEqual([{ who: 'somebody', when, deeds: [start] }]);
  });

  it('reads several deeds, their words and settings, and the VM they are about', () => {
    const [actor] = parseActors(
      'now -> rule allow-rdp sources=10.0.0.0/8,192.0.2.1 priority=210, stop on web-02',
    );
    expect(actor).toMatchObject({
      target: 'web-02',
      deeds: [
        {
          verb: 'rule',
          words: ['allow-rdp'],
          settings: { sources: '10.0.0.0/8,192.0.2.1', priority: '210' },
        },
        { verb: 'stop' },
      ],
    });
    expect(actor?.deeds.map(writeDeed)).toEqual([
      'rule allow-rdp sources=10.0.0.0/8,192.0.2.1 priority=210',
      'stop',
    ]);
  });

  it('reads that the call meets the deed under way', () => {
    expect(parseActors('*/write ~> restart')).toMatchObject([{ underWay: true, when: { kind: 'before' } }]);
  });

  it('reads several actors, and none from nothing', () => {
    expect(parseActors('now -> start on a; now -> stop on b;')).toHaveLength(2);
    expect(parseActors(' ')).toEqual([]);
  });

  it.each([
    'start',
    'whenever -> start',
    '0 */write -> start',
    '*/write +30s -> start',
    'at noon -> start',
    'in 5s ~> start',
    'now -> explode',
    'now -> resize',
    'now -> start slowly',
    'now -> tag vm',
  ])('refuses %p and says what it expected', (text) => {
    expect(() => parseActors(text)).toThrow(SyntaxError);
  });
});
