import type { ProbeResult } from '../../shared/model/probe.ts';
import { probeRdp } from '../../shared/probe/probe.ts';
import { selfSigned, type Identity } from '../shared/probe/certificates.ts';
import { LOOPBACK, startXrdp, xrdpInstalled, type XrdpSettings } from './xrdp-server.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

/** Where the server is not installed the tests say so by name instead of passing without it. */
function withXrdp(name: string, body: () => Promise<void>): void {
  if (xrdpInstalled) it(name, body);
  else it.skip(`${name} (no xrdp)`, body);
}

const ask = (port: number): Promise<ProbeResult> =>
  probeRdp({ address: LOOPBACK, port }, { timeoutMs: 20_000, now: () => NOW });

async function probeXrdp(settings: XrdpSettings): Promise<ProbeResult> {
  const server = await startXrdp(settings);
  try {
    return await ask(server.port);
  } finally {
    await server.close();
  }
}

describe('a real RDP server', () => {
  let identity: Identity;
  let expired: Identity;
  const nothing: Identity = { cert: '', key: '' };

  beforeAll(async () => {
    identity = await selfSigned('CN=xrdp', '2026-02-01T00:00:00Z', '2026-08-01T00:00:00Z');
    expired = await selfSigned('CN=xrdp', '2025-02-01T00:00:00Z', '2025-08-01T00:00:00Z');
  });

  withXrdp('that may choose is healthy', async () => {
    expect(await probeXrdp({ securityLayer: 'negotiate', identity })).toMatchObject({
      state: 'healthy',
      protocol: 'ssl',
      tlsVersion: 'TLSv1.3',
      certificate: { subject: 'CN=xrdp', notAfter: '2026-08-01T00:00:00.000Z' },
    });
  });

  withXrdp('that demands an older TLS is healthy, and the version is told', async () => {
    const result = await probeXrdp({ securityLayer: 'tls', identity, protocols: 'TLSv1.2' });
    expect(result).toMatchObject({ state: 'healthy', tlsVersion: 'TLSv1.2' });
  });

  withXrdp('with its own old encryption only offers no TLS', async () => {
    const result = await probeXrdp({ securityLayer: 'rdp', identity });
    expect(result).toMatchObject({ state: 'no-tls', protocol: 'rdp' });
  });

  withXrdp('with an expired certificate is told from a healthy one', async () => {
    const result = await probeXrdp({ securityLayer: 'tls', identity: expired });
    expect(result).toMatchObject({
      state: 'certificate-expired',
      certificate: { notAfter: '2025-08-01T00:00:00.000Z' },
    });
  });

  withXrdp('with a broken certificate fails in the handshake', async () => {
    const result = await probeXrdp({ securityLayer: 'tls', identity: nothing });
    expect(result).toMatchObject({ state: 'tls-failed', protocol: 'ssl' });
  });

  withXrdp('that has been stopped refuses', async () => {
    const server = await startXrdp({ securityLayer: 'negotiate', identity });
    expect((await ask(server.port)).state).toBe('healthy');
    await server.close();
    expect((await ask(server.port)).state).toBe('refused');
  });
});
