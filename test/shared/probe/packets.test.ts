import fc from 'fast-check';
import {
  confirmLength,
  decodeConnectionConfirm,
  encodeConnectionRequest,
  PacketError,
} from '../../../shared/probe/packets.ts';
import { confirm } from './rdp-server.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function faultOf(bytes: Uint8Array): string {
  try {
    decodeConnectionConfirm(bytes);
  } catch (error) {
    if (error instanceof PacketError) return error.fault;
    throw error;
  }
  return 'none';
}

/** A good confirm with one byte put somewhere else. */
function spoilt(at: number, value: number): Uint8Array {
  const bytes = Uint8Array.from(confirm.response(2));
  bytes[at] = value;
  return bytes;
}

describe('the Connection Request', () => {
  it('asks for TLS and NLA in 19 bytes', () => {
    expect(hex(encodeConnectionRequest(['ssl', 'hybrid']))).toBe('030000130ee000000000000100080003000000');
  });

  it('asks for Standard RDP Security when nothing else is wanted', () => {
    expect(hex(encodeConnectionRequest(['rdp']))).toBe('030000130ee000000000000100080000000000');
  });
});

describe('the Connection Confirm', () => {
  it('of the specification (4.1.2) chooses Standard RDP Security', () => {
    const dump = Buffer.from('030000130ed000001234000200080000000000', 'hex');
    expect(decodeConnectionConfirm(dump)).toEqual({ kind: 'response', protocol: 'rdp' });
  });

  it.each([
    [1, 'ssl'],
    [2, 'hybrid'],
    [4, 'rdstls'],
    [8, 'hybrid-ex'],
  ])('with protocol %i chooses %s', (value, protocol) => {
    expect(decodeConnectionConfirm(confirm.response(value))).toEqual({ kind: 'response', protocol });
  });

  it.each([
    [1, 'SSL_REQUIRED_BY_SERVER'],
    [2, 'SSL_NOT_ALLOWED_BY_SERVER'],
    [3, 'SSL_CERT_NOT_ON_SERVER'],
    [4, 'INCONSISTENT_FLAGS'],
    [5, 'HYBRID_REQUIRED_BY_SERVER'],
    [6, 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER'],
    [7, 'UNKNOWN_7'],
  ])('with failure code %i is named %s', (code, name) => {
    expect(decodeConnectionConfirm(confirm.failure(code))).toEqual({ kind: 'failure', code, name });
  });

  it('without negotiation data is that of an old server', () => {
    expect(decodeConnectionConfirm(confirm.plain())).toEqual({ kind: 'plain' });
  });

  it('may announce any flags of an RDP_NEG_RSP', () => {
    expect(decodeConnectionConfirm(spoilt(12, 0x1f))).toEqual({ kind: 'response', protocol: 'hybrid' });
  });

  it.each([
    ['another TPKT version', spoilt(0, 4), 'not-tpkt'],
    ['a reserved byte that is set', spoilt(1, 1), 'not-tpkt'],
    ['a length of 4,883 bytes', spoilt(2, 0x13), 'bad-length'],
    ['a TPKT length too short for its data', spoilt(3, 11), 'bad-length'],
    ['a length indicator that contradicts', spoilt(4, 6), 'bad-length'],
    ['the type of a Disconnect Request', spoilt(5, 0x80), 'not-a-confirm'],
    ['the type of a Connection Request', spoilt(5, 0xe0), 'not-a-confirm'],
    ['the reference of somebody else', spoilt(7, 1), 'not-a-confirm'],
    ['another transport class', spoilt(10, 0x40), 'not-a-confirm'],
    ['unknown negotiation data', spoilt(11, 9), 'bad-negotiation-data'],
    ['a wrong length of the negotiation data', spoilt(13, 9), 'bad-negotiation-data'],
    ['two protocols at once', spoilt(15, 3), 'bad-negotiation-data'],
    ['trailing bytes', Buffer.concat([confirm.response(2), Buffer.from([0])]), 'bad-length'],
    ['nothing', new Uint8Array(), 'bad-length'],
  ])('with %s is refused', (_what, bytes, fault) => {
    expect(faultOf(bytes)).toBe(fault);
  });
});

describe('whatever the bytes', () => {
  const anyBytes = fc.uint8Array({ maxLength: 64 });
  const almostRight = fc
    .tuple(fc.integer({ min: 0, max: 18 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 19 }))
    .map(([at, value, length]) => spoilt(at, value).slice(0, length));

  it('the decoder gives a confirm or its own error, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, almostRight), (bytes) => {
        expect(typeof faultOf(bytes)).toBe('string');
      }),
      { numRuns: 2000 },
    );
  });

  it('a reader is never told to wait for more than 19 bytes', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, almostRight), (bytes) => {
        let length: number | undefined;
        try {
          length = confirmLength(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PacketError);
          return;
        }
        if (length === undefined) expect(bytes.length).toBeLessThan(4);
        else expect([11, 19]).toContain(length);
      }),
      { numRuns: 2000 },
    );
  });

  it('a confirm arrives the same however it is cut into pieces', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 18 }), (cut) => {
        const whole = confirm.response(2);
        const early = confirmLength(whole.subarray(0, cut));
        expect(early === undefined || early === whole.length).toBe(true);
        expect(confirmLength(whole)).toBe(whole.length);
      }),
    );
  });
});
