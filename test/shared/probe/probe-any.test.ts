import { readConfig } from '../../../shared/config.ts';
import type { ProbeResult } from '../../../shared/model/probe.ts';
import { probeAny, type ProbeAnyOptions } from '../../../shared/probe/probe-any.ts';
import { HASTY, NOW, PATIENT } from './ask.ts';
import { selfSigned, type Identity } from './certificates.ts';
import { challengeOf } from './challenge.ts';
import { LOOPBACK, serve, speakNla } from './rdp-server.ts';

const storage = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };

function ask(
  addresses: string[],
  port: number,
  options: Partial<ProbeAnyOptions> = {},
): Promise<ProbeResult> {
  return probeAny(addresses, port, { timeoutMs: PATIENT, now: () => NOW, privateRoute: true, ...options });
}

describe('private addresses', () => {
  it('are asked only where a setting says that there is a route', () => {
    expect(readConfig(storage).privateRoute).toBe(false);
    expect(readConfig({ ...storage, RDP_MEDIC_PRIVATE_ROUTE: 'no' }).privateRoute).toBe(false);
    expect(readConfig({ ...storage, RDP_MEDIC_PRIVATE_ROUTE: 'yes' }).privateRoute).toBe(true);
    expect(readConfig({ ...storage, RDP_MEDIC_PRIVATE_ROUTE: 'true' }).privateRoute).toBe(false);
  });

  it.each([
    ['RFC 1918', '10.0.0.4'],
    ['RFC 1918', '172.16.3.1'],
    ['RFC 1918', '192.168.1.1'],
    ['of a unique local network', 'fd00::4'],
    ['of a carrier', '100.64.0.1'],
    ['an IPv4 address within IPv6', '::ffff:10.0.0.4'],
    ['the machine itself', LOOPBACK],
  ])('are not asked without one: %s %s', async (_what, address) => {
    let asked = 0;
    const server = await serve(() => (asked += 1));
    expect(await ask([address], server.port, { privateRoute: false })).toEqual({
      state: 'filtered',
      address,
      port: server.port,
      detail:
        'The VM has only private addresses, and no route to private addresses is configured (RDP_MEDIC_PRIVATE_ROUTE).',
    });
    expect(asked).toBe(0);
    await server.close();
  });

  it('are asked with one', async () => {
    const server = await serve((socket) => socket.end());
    expect((await ask([LOOPBACK], server.port)).state).toBe('negotiation-failed');
    await server.close();
  });
});

describe('a machine with several addresses', () => {
  let identity: Identity;
  beforeAll(async () => {
    identity = await selfSigned('CN=vm-1', '2026-02-01T00:00:00Z', '2026-08-01T00:00:00Z');
  });

  it('is heard at the one that answers', async () => {
    const server = await serve(speakNla(identity, challengeOf({})));
    const result = await ask(['not..a..name', LOOPBACK], server.port);
    expect(result).toMatchObject({ state: 'healthy', address: LOOPBACK });
    await server.close();
  });

  it('is not taken for another machine that answers at one of them', async () => {
    let nth = 0;
    const server = await serve((socket) => {
      speakNla(identity, challengeOf({ netbios: nth++ === 0 ? 'OTHER' : 'VM-1' }))(socket);
    });
    const expected = { computerName: 'vm-1' };
    const result = await ask([LOOPBACK, LOOPBACK], server.port, { expect: expected });
    expect(result).toMatchObject({ state: 'healthy', machine: { computerName: 'VM-1' } });
    await server.close();
  });

  it('is another one where nobody else answers, which is told before silence', async () => {
    const server = await serve(speakNla(identity, challengeOf({ netbios: 'OTHER' })));
    const result = await ask(['not..a..name', LOOPBACK], server.port, { expect: { computerName: 'vm-1' } });
    expect(result.state).toBe('other-machine');
    await server.close();
  });

  it('is filtered where it has none', async () => {
    expect(await ask([], 3389, { timeoutMs: HASTY })).toMatchObject({ state: 'filtered', address: '' });
  });
});
