import fc from 'fast-check';
import { decodeTsRequest, encodeTsRequest, tsRequestLength } from '../../../shared/probe/credssp.ts';
import { decodeChallenge, encodeNegotiate } from '../../../shared/probe/ntlm.ts';
import { NlaError } from '../../../shared/probe/nla-error.ts';
import { NOW } from './ask.ts';
import { challengeOf, challengeToken } from './challenge.ts';

/** CHALLENGE_MESSAGE as [MS-NLMP] 4.2.4.3 dumps it. */
const OF_THE_SPECIFICATION = Buffer.from(
  '4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef0000000000000000' +
    '240024004400000006007017' +
    '0000000f53006500720076006500720002000c0044006f006d00610069006e0001000c005300650072007600650072' +
    '0000000000',
  'hex',
);

function withPairs(...pairs: [number, Buffer][]): Buffer {
  const list = pairs.map(([id, value]) => {
    const header = Buffer.alloc(4);
    header.writeUInt16LE(id);
    header.writeUInt16LE(value.length, 2);
    return Buffer.concat([header, value]);
  });
  const targetInfo = Buffer.concat(list);
  const message = Buffer.concat([challengeToken({}).subarray(0, 56), targetInfo]);
  message.writeUInt16LE(targetInfo.length, 40);
  message.writeUInt32LE(56, 44);
  return message;
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const end: [number, Buffer] = [0, Buffer.alloc(0)];

/** A good challenge with one byte put somewhere else. */
function spoilt(at: number, value: number): Buffer {
  const token = challengeToken({ domain: { netbios: 'CONTOSO', dns: 'contoso.example' } });
  token[at % token.length] = value;
  return token;
}

describe('the first message of NLA', () => {
  it('is a TSRequest of version 6 with an NTLM NEGOTIATE that names nobody', () => {
    const bytes = Buffer.from(encodeTsRequest(encodeNegotiate())).toString('hex');
    expect(bytes).toBe(
      '3037a003020106a130302e302ca02a0428' + // TSRequest, version, negoTokens
        '4e544c4d5353500001000000' + // NTLMSSP, NEGOTIATE
        '358208e2' + // Unicode, target, sign, seal, NTLM, session security, version, 128, key exchange, 56
        '00000000000000000000000000000000' + // neither domain nor workstation
        '0a0000000000000f', // Windows 10.0
    );
  });
});

describe('an NTLM challenge', () => {
  it('of the specification names computer, domain and version', () => {
    expect(decodeChallenge(OF_THE_SPECIFICATION)).toEqual({
      computerName: 'Server',
      domain: 'Domain',
      build: '6.0.6000',
    });
  });

  it('of a machine in a domain names all there is', () => {
    const token = challengeToken({
      netbios: 'SQL-07',
      dns: 'sql-07.contoso.example',
      domain: { netbios: 'CONTOSO', dns: 'contoso.example' },
    });
    expect(decodeChallenge(token)).toEqual({
      computerName: 'SQL-07',
      dnsName: 'sql-07.contoso.example',
      domain: 'contoso.example',
      build: '10.0.20348',
      time: new Date(NOW).toISOString(),
    });
  });

  it('of a machine in a workgroup names no domain', () => {
    expect(decodeChallenge(challengeToken({}))).not.toHaveProperty('domain');
  });

  it('tells no version where it does not say that it does', () => {
    const token = challengeToken({});
    token.writeUInt32LE(token.readUInt32LE(20) - 0x2000000, 20);
    expect(decodeChallenge(token)).not.toHaveProperty('build');
  });

  it('has a name that is cleaned of what cannot be shown, and cut', () => {
    expect(decodeChallenge(withPairs([1, utf16('VM\u0000\u202e-1\ud800\r\n')], end)).computerName).toBe(
      'VM-1\ufffd',
    );
    expect(decodeChallenge(withPairs([1, utf16('A'.repeat(20_000))], end)).computerName).toHaveLength(255);
  });

  it('with a clock beyond the calendar tells no time', () => {
    const token = withPairs([1, utf16('VM-1')], [7, Buffer.alloc(8, 0xff)], end);
    expect(decodeChallenge(token)).not.toHaveProperty('time');
  });

  it.each([
    ['that names no computer', withPairs([2, utf16('DOMAIN')], end)],
    ['whose computer has no name', withPairs([1, utf16('')], end)],
    ['whose list of names has no end', withPairs([1, utf16('VM-1')])],
    ['whose list is cut off', challengeToken({}).subarray(0, -3)],
    ['without any list', challengeToken({}).subarray(0, 48)],
    ['that is a NEGOTIATE', Buffer.from(encodeNegotiate())],
    ['that is empty', Buffer.alloc(0)],
  ])('%s is refused', (_what, token) => {
    expect(() => decodeChallenge(token)).toThrow(NlaError);
  });

  it('is read, or refused by the error of its own, whatever a byte of it is', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.integer({ min: 0, max: 255 }), fc.nat(400), (at, value, length) => {
        try {
          const { computerName } = decodeChallenge(spoilt(at, value).subarray(0, length));
          expect(computerName.length).toBeLessThanOrEqual(255);
        } catch (error) {
          expect(error).toBeInstanceOf(NlaError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a TSRequest', () => {
  it.each([
    ['with a sign', '300da003020106a4060204c000006d', 0xc000006d],
    ['with the zero of a positive number', '300ea003020106a407020500c000006d', 0xc000006d],
  ])('carries its error code %s', (_how, hex, code) => {
    expect(decodeTsRequest(Buffer.from(hex, 'hex')).errorCode).toBe(code);
  });

  it('announces its length in its first four bytes, and may not be long', () => {
    const bytes = challengeOf({});
    expect(tsRequestLength(bytes.subarray(0, 1))).toBeUndefined();
    expect(tsRequestLength(bytes.subarray(0, 4))).toBe(bytes.length);
    expect(() => tsRequestLength(Buffer.from('3082ffff', 'hex'))).toThrow(/65539 bytes/);
    expect(() => tsRequestLength(Buffer.from('3084', 'hex'))).toThrow(NlaError);
    expect(() => tsRequestLength(Buffer.from('16', 'hex'))).toThrow(NlaError);
  });

  it('is read, or refused by the error of its own, whatever the bytes', () => {
    const whole = challengeOf({});
    const almostRight = fc
      .tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(whole.length))
      .map(([at, value, length]) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = value;
        return bytes.slice(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), almostRight), (bytes) => {
        try {
          decodeTsRequest(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(NlaError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
