import type { Done } from '../../../shared/causes/cause.ts';
import { probeStateSchema, type ProbeResult } from '../../../shared/model/probe.ts';
import { isConfirmedByWire, movedPort } from '../../../shared/repair/trusted-port.ts';

function told(value: string | number | boolean, change: Done['change'] = take): Done {
  return {
    change,
    outcome: {
      change: 0,
      do: change.do,
      word: 'moved',
      wrote: [],
      data: [{ name: 'newPort', value }],
      error: null,
    },
  };
}

const take: Done['change'] = { do: 'Take-Port', set: 'CurrentControlSet', port: 3389, to: 0 };

describe('the port that a guest says RDP moved to', () => {
  it.each([3390, 3399, 33_890, 33_899])('%i is one of the candidates', (port) => {
    expect(movedPort([told(port)], undefined)).toEqual({ claim: port, port });
  });

  it.each([5985, 443, 3389, 3400, 0, -1, 3390.5, 65_536, NaN, '3390', true])(
    '%s is not followed',
    (claim) => {
      expect(movedPort([told(claim)], undefined)).toEqual({ claim, port: undefined });
    },
  );

  it('is the one that was asked for, and no other of that range', () => {
    expect(movedPort([told(5000)], 5000).port).toBe(5000);
    expect(movedPort([told(5001)], 5000).port).toBeUndefined();
  });

  it('is told by the change that moves it alone', () => {
    expect(movedPort([told(3390, { do: 'Refresh-Policy' })], undefined).claim).toBeUndefined();
    expect(movedPort([], undefined).claim).toBeUndefined();
  });
});

describe('a port on the wire', () => {
  const answer = (state: ProbeResult['state'], port = 3391): ProbeResult => ({
    state,
    address: '203.0.113.1',
    port,
    detail: '',
  });

  it.each(probeStateSchema.options)('that answers %s', (state) => {
    const speaks = ['healthy', 'no-tls', 'tls-failed', 'certificate-expired', 'nla-failed'];
    expect(isConfirmedByWire(3391, answer(state))).toBe(speaks.includes(state));
  });

  it('says nothing of another one, nor where none was asked', () => {
    expect(isConfirmedByWire(3391, answer('healthy', 3389))).toBe(false);
    expect(isConfirmedByWire(3391, undefined)).toBe(false);
  });
});
