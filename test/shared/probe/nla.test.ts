import { encodeTsRequest as serverSays } from '../../../lab/windows/rdp/ts-request.ts';
import { encodeTsRequest } from '../../../shared/probe/credssp.ts';
import { encodeNegotiate } from '../../../shared/probe/ntlm.ts';
import { HASTY, NOW, probe } from './ask.ts';
import { selfSigned, type Identity } from './certificates.ts';
import { challengeOf } from './challenge.ts';
import { speakNla, speakTls } from './rdp-server.ts';

let good: Identity;

beforeAll(async () => {
  good = await selfSigned('CN=vm-1', '2026-02-01T00:00:00Z', '2026-08-01T00:00:00Z');
});

const refusal = (errorCode: number): Buffer => serverSays({ version: 6, errorCode });

describe('a server that chooses NLA', () => {
  it('tells who it is, and is healthy', async () => {
    const challenge = challengeOf({
      netbios: 'SQL-07',
      dns: 'sql-07.contoso.example',
      domain: { netbios: 'CONTOSO', dns: 'contoso.example' },
    });
    expect(await probe(speakNla(good, challenge))).toMatchObject({
      state: 'healthy',
      detail: 'RDP responds with TLS 1.3 and NLA as SQL-07.',
      machine: {
        computerName: 'SQL-07',
        dnsName: 'sql-07.contoso.example',
        domain: 'contoso.example',
        build: '10.0.20348',
        time: new Date(NOW).toISOString(),
      },
    });
  });

  it('hears NTLM NEGOTIATE and then nothing more: no logon is tried', async () => {
    const heard: Buffer[] = [];
    const hungUp = Promise.withResolvers<boolean>();
    await probe(
      speakNla(good, (secure, first) => {
        heard.push(first);
        secure.on('data', (chunk: Buffer) => heard.push(chunk)).once('close', () => hungUp.resolve(true));
        secure.write(challengeOf({}));
      }),
    );
    await hungUp.promise;
    expect(Buffer.concat(heard)).toEqual(encodeTsRequest(encodeNegotiate()));
  });

  it('is heard to the end when its challenge comes byte by byte', async () => {
    const result = await probe(
      speakNla(good, (secure) => {
        for (const byte of challengeOf({})) secure.write(Uint8Array.of(byte));
      }),
    );
    expect(result).toMatchObject({ state: 'healthy', machine: { computerName: 'VM-1' } });
  });

  it.each([
    ['STATUS_NOT_SUPPORTED', 0xc00000bb],
    ['STATUS_NTLM_BLOCKED', 0xc0000418],
  ])('and takes no NTLM (%s) is healthy, and keeps its name to itself', async (_name, code) => {
    const result = await probe(speakNla(good, refusal(code)));
    expect(result).toMatchObject({
      state: 'healthy',
      detail: 'RDP responds with TLS 1.3 and NLA, which does not accept NTLM.',
    });
    expect(result).not.toHaveProperty('machine');
  });

  it.each([
    [
      'hangs up',
      (secure: { end: () => void }) => secure.end(),
      'it closes the connection instead of answering',
    ],
    ['is silent', () => undefined, 'it does not respond in time'],
  ])('and then %s has no NLA', async (_what, next, why) => {
    const result = await probe(speakNla(good, next), { timeoutMs: HASTY });
    expect(result).toMatchObject({ state: 'nla-failed', protocol: 'hybrid', tlsVersion: 'TLSv1.3' });
    expect(result.detail).toContain(why);
    expect(result.certificate?.subject).toBe('CN=vm-1');
  });

  it('and then resets the connection has no NLA', async () => {
    const cut = speakTls(2, good, (secure) => secure.once('data', () => secure.destroy()));
    expect((await probe(cut)).state).toBe('nla-failed');
  });

  it.each([
    ['a web server’s words', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'tag 0x48'],
    ['another error', refusal(0xc000006d), 'status 0xC000006D'],
    ['neither challenge nor error', serverSays({ version: 6 }), 'neither a challenge nor an error'],
    ['half a challenge twice', Buffer.concat([challengeOf({}), challengeOf({})]), 'more than one message'],
    [
      'another message',
      serverSays({ version: 6, token: Buffer.from('NTLMSSP\0\x01\0\0\0') }),
      'not an NTLM challenge',
    ],
  ])('and then says %s has no NLA', async (_what, bytes, why) => {
    const result = await probe(speakNla(good, bytes));
    expect(result.state).toBe('nla-failed');
    expect(result.detail).toContain(why);
  });

  it('with a certificate out of its time is that in the first place', async () => {
    const later = { now: Date.parse('2026-08-01T00:00:01Z') };
    expect(await probe(speakNla(good, challengeOf({})), later)).toMatchObject({
      state: 'certificate-expired',
      machine: { computerName: 'VM-1' },
    });
    expect((await probe(speakNla(good, refusal(0xc000006d)), later)).state).toBe('certificate-expired');
  });
});

describe('an answer that is expected from a certain machine', () => {
  const sql = (): ReturnType<typeof speakNla> => speakNla(good, challengeOf({ netbios: 'SQL-07' }));

  it.each(['SQL-07', 'sql-07', 'sql-07.contoso.example'])(
    'is taken from it by its name %s',
    async (computerName) => {
      expect((await probe(sql(), { expect: { computerName } })).state).toBe('healthy');
    },
  );

  it('is taken from it where NetBIOS cuts its name', async () => {
    const long = speakNla(good, challengeOf({ netbios: 'TLS-AGENT-NOT-R' }));
    expect((await probe(long, { expect: { computerName: 'tls-agent-not-ready' } })).state).toBe('healthy');
  });

  it('is another machine’s where that names itself', async () => {
    expect(await probe(sql(), { expect: { computerName: 'SQL-08' } })).toMatchObject({
      state: 'other-machine',
      machine: { computerName: 'SQL-07' },
      detail: 'A different machine responds: the answer is from SQL-07, not from SQL-08.',
    });
  });

  it('is another machine’s for worse too: its expired certificate is not the VM’s', async () => {
    const options = { expect: { computerName: 'SQL-08' }, now: Date.parse('2027-01-01T00:00:00Z') };
    expect((await probe(sql(), options)).state).toBe('other-machine');
  });

  it('is another machine’s where only the certificate tells', async () => {
    const thumbprint = 'AB'.repeat(20);
    expect((await probe(sql(), { expect: { computerName: 'SQL-07', thumbprint } })).state).toBe(
      'other-machine',
    );
    expect((await probe(speakTls(1, good), { expect: { thumbprint } })).state).toBe('other-machine');
  });

  it('is taken from it by its certificate, however the thumbprint is written', async () => {
    const { certificate } = await probe(sql());
    const thumbprint = certificate?.thumbprint.toLowerCase().replaceAll(/(..)(?=.)/g, '$1:') ?? '';
    expect((await probe(sql(), { expect: { thumbprint } })).state).toBe('healthy');
  });

  it('is not compared by what it does not tell', async () => {
    expect((await probe(speakTls(1, good), { expect: { computerName: 'SQL-08' } })).state).toBe('healthy');
    const broken = (socket: { end: () => void }): void => socket.end();
    expect((await probe(broken, { expect: { computerName: 'SQL-08' } })).state).toBe('negotiation-failed');
  });
});
