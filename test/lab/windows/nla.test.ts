import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { createBench, type Bench, type BenchVm } from './support.ts';

/* What clients send, byte by byte as nmap's rdp-ntlm-info and Windows' own client do. */

/** X.224 Connection Request for PROTOCOL_SSL | PROTOCOL_HYBRID. */
const REQUEST = '030000130ee000000000000100080003000000';
const NEGOTIATE = '4e544c4d5353500001000000b78208e2000000000000000000000000000000000a0063450000000f';
const AUTHENTICATE = '4e544c4d5353500003000000' + '00'.repeat(60);
/** GSS-API's name of SPNEGO, NegTokenInit with NTLMSSP as its only mechanism, and the token (RFC 4178). */
const SPNEGO_INIT = `604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a0428${NEGOTIATE}`;

const length = (hex: string): string => (hex.length / 2).toString(16).padStart(2, '0');
const der = (tag: string, content: string): string => `${tag}${length(content)}${content}`;
/** A TSRequest with a token; every length here is below 128. */
function tsRequest(token: string, version = '06'): string {
  const item = der('30', der('a0', der('04', token)));
  return der('30', `a0030201${version}${der('a1', der('30', item))}`);
}

let bench: Bench;
let vm: BenchVm;
let inDomain: BenchVm;
const channels: TLSSocket[] = [];

beforeAll(async () => {
  bench = createBench();
  vm = await bench.boot('healthy');
  inDomain = await bench.boot('peer');
});
afterEach(() => {
  for (const channel of channels.splice(0)) channel.destroy();
});
afterAll(() => bench.close());

/** Negotiates and shakes hands, up to where NLA begins. */
async function open(address: string): Promise<TLSSocket> {
  const socket = connectTcp({ host: address, port: 3389 });
  socket.write(Buffer.from(REQUEST, 'hex'));
  const [confirm]: Buffer[] = await once(socket, 'data');
  expect(confirm?.toString('hex')).toMatch(/^030000130ed0.{10}02..080002000000$/);
  const channel = connectTls({ socket, rejectUnauthorized: false });
  channel.on('error', () => undefined);
  channels.push(channel);
  await once(channel, 'secureConnect');
  return channel;
}

/** The answer in hex; `hung up` instead of one. */
async function say(channel: TLSSocket, hex: string): Promise<string> {
  const heard = Promise.race([
    once(channel, 'data').then(([chunk]: Buffer[]) => chunk?.toString('hex') ?? ''),
    once(channel, 'close').then(() => 'hung up'),
  ]);
  channel.write(Buffer.from(hex, 'hex'));
  return heard;
}

const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('hex');
const pair = (id: string, text: string): string => `${id}00${length(utf16(text))}00${utf16(text)}`;

describe('NLA at a listener of the lab', () => {
  it('answers a raw NTLM message by a raw challenge that names the machine', async () => {
    const answer = await say(await open(vm.address), tsRequest(NEGOTIATE));
    expect(answer).toMatch(/^3081..a003020106a1/);
    const [, challenge = ''] = answer.split('4e544c4d5353500002000000');
    // Its own name is the target's: a machine outside of any domain.
    expect(challenge).toMatch(new RegExp(`0a007c4f0000000f${utf16('HEALTHY')}`));
    expect(challenge).toContain(
      [pair('02', 'HEALTHY'), pair('01', 'HEALTHY'), pair('04', 'HEALTHY'), pair('03', 'HEALTHY')].join(''),
    );
    const filetime = Buffer.alloc(8);
    filetime.writeBigUInt64LE(BigInt(bench.clock.now() + 11_644_473_600_000) * 10_000n);
    expect(challenge.endsWith(`07000800${filetime.toString('hex')}00000000`)).toBe(true);
  });

  it('names the domain of a machine that is in one', async () => {
    const answer = await say(await open(inDomain.address), tsRequest(NEGOTIATE));
    expect(answer).toContain(
      [
        pair('02', 'CONTOSO'),
        pair('01', 'PEER'),
        pair('04', 'contoso.example'),
        pair('03', 'PEER.contoso.example'),
        pair('05', 'contoso.example'),
      ].join(''),
    );
  });

  it('answers within SPNEGO whoever comes with SPNEGO', async () => {
    const answer = await say(await open(vm.address), tsRequest(SPNEGO_INIT));
    // NegTokenResp: accept-incomplete, NTLMSSP, its challenge.
    expect(answer).toMatch(
      /a181..3081..a0030a0101a10c060a2b06010401823702020aa281..0481..4e544c4d5353500002/,
    );
  });

  it('takes a version it does not know for its own', async () => {
    expect(await say(await open(vm.address), tsRequest(NEGOTIATE, '60'))).toMatch(/^3081..a003020106/);
  });

  it.each(['03', '04', '06', '60'])(
    'tells a client of version %s why it cannot log on, and hangs up',
    async (version) => {
      const channel = await open(vm.address);
      await say(channel, tsRequest(NEGOTIATE, version));
      const closed = once(channel, 'close');
      expect(await say(channel, tsRequest(AUTHENTICATE, version))).toBe('300da003020106a4060204c000006d');
      await closed;
    },
  );

  it.each(['02', '05'])('hangs up on a client of version %s, which knows no error code', async (version) => {
    const channel = await open(vm.address);
    await say(channel, tsRequest(NEGOTIATE, version));
    expect(await say(channel, tsRequest(AUTHENTICATE, version))).toBe('hung up');
  });

  it('hears a message to the end that comes byte by byte', async () => {
    const channel = await open(vm.address);
    const bytes = Buffer.from(tsRequest(NEGOTIATE), 'hex');
    for (const byte of bytes.subarray(0, -1)) channel.write(Uint8Array.of(byte));
    expect(await say(channel, bytes.subarray(-1).toString('hex'))).toMatch(/^3081/);
  });

  it.each([
    ['an AUTHENTICATE that nobody asked for', tsRequest(AUTHENTICATE)],
    ['no NTLM', tsRequest('00'.repeat(40))],
    ['no TSRequest', '16030100'],
    ['one without a token', '3005a003020106'],
    ['one of no sensible length', '30840fffffff'],
  ])('hangs up on %s', async (_what, hex) => {
    expect(await say(await open(vm.address), hex)).toBe('hung up');
  });

  it('logs a logon that failed, and nothing for a mere question', async () => {
    const failures = (): number =>
      vm.machine().events.query({ log: 'Security', ids: [4625], max: 1000 }).length;
    const before = failures();
    const channel = await open(vm.address);
    await say(channel, tsRequest(NEGOTIATE));
    expect(failures()).toBe(before);
    await say(channel, tsRequest(AUTHENTICATE));
    expect(failures()).toBe(before + 1);
  });

  it('is not in the way of the guest that looks at its own listener', async () => {
    expect(await vm.machine().network.handshake(3389)).toMatchObject({ ok: true, stage: 'done' });
  });
});
