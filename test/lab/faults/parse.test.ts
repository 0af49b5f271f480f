import { parseFaults } from '../../../lab/faults/parse.ts';

describe('compact form of faults', () => {
  it('reads action, resource and a throttling answer', () => {
    expect(parseFaults('2 Microsoft.Compute/disks/write@web-01=429/20')).toEqual([
      {
        match: { action: 'Microsoft.Compute/disks/write', resource: 'web-01' },
        from: 2,
        effect: { kind: 'answer', status: 429, retryAfter: 20 },
      },
    ]);
  });

  it.each([
    ['*=reset', { match: {}, effect: { kind: 'reset' } }],
    ['PUT:*=lose-answer', { match: { method: 'PUT' }, effect: { kind: 'lose-answer' } }],
    ['3+2 *=500', { match: {}, from: 3, times: 2, effect: { kind: 'answer', status: 500 } }],
    [
      '+* *=503(ServerBusy)',
      { match: {}, times: Infinity, effect: { kind: 'answer', status: 503, code: 'ServerBusy' } },
    ],
    ['*=cut-off', { match: {}, effect: { kind: 'cut-off' } }],
    ['*=hang', { match: {}, effect: { kind: 'hang' } }],
    [
      '*/start/action=hang(600)',
      { match: { action: '*/start/action' }, effect: { kind: 'operation-hangs', seconds: 600 } },
    ],
    [
      '*/start/action=linger(600)',
      { match: { action: '*/start/action' }, effect: { kind: 'operation-lingers', seconds: 600 } },
    ],
    [
      '*=fail(AllocationFailed: no room)',
      { match: {}, effect: { kind: 'operation-fails', code: 'AllocationFailed', message: 'no room' } },
    ],
  ])('reads %s', (text, fault) => {
    expect(parseFaults(text)).toEqual([fault]);
  });

  it('reads several, and nothing from nothing', () => {
    expect(parseFaults('*=reset; *=500;')).toHaveLength(2);
    expect(parseFaults(' ')).toEqual([]);
  });

  it.each(['disks', '*=', '*=boom', '*=299', '0 *=500', '*=hang(soon)'])(
    'refuses %p and says what it expected',
    (text) => {
      expect(() => parseFaults(text)).toThrow(SyntaxError);
    },
  );
});
