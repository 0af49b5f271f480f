import { setInSoftware, setInSystem } from '../../../lab/fleet/disk/edit.ts';
import type { GuestDisk, RegistryValue } from '../../../lab/windows/disk.ts';
import { CURRENT, RDP_TCP, SCHANNEL_SERVER } from './keys.ts';
import { look, verdict } from './rdp-client.ts';
import { createBench, NOW, type Bench } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const dword = (value: number): RegistryValue => ({ type: 'REG_DWORD', value });
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** Tries one version after the other, each alone. */
async function offered(address: string): Promise<string[]> {
  const versions: string[] = [];
  for (const version of VERSIONS) {
    const { tlsVersion } = await look(address, { tls: { minVersion: version, maxVersion: version } });
    if (tlsVersion !== undefined) versions.push(tlsVersion);
  }
  return versions;
}

describe('TLS versions of the listener', () => {
  it('are the defaults of the OS without any key: 1.3 only where it exists', async () => {
    expect(await offered((await bench.bootFaulty()).address)).toEqual([...VERSIONS]);
    expect(await offered((await bench.boot('peer')).address)).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2']);
  });

  const cases: [name: string, values: [version: string, name: string, value: number][], left: string[]][] = [
    [
      'Enabled 0 takes a version away',
      [
        ['TLS 1.0', 'Enabled', 0],
        ['TLS 1.1', 'Enabled', 0],
      ],
      ['TLSv1.2', 'TLSv1.3'],
    ],
    [
      'Enabled 1 is not enough while DisabledByDefault is 1',
      [
        ['TLS 1.2', 'Enabled', 1],
        ['TLS 1.2', 'DisabledByDefault', 1],
      ],
      ['TLSv1', 'TLSv1.1', 'TLSv1.3'],
    ],
    ['any other number than 0 enables', [['TLS 1.2', 'Enabled', 0xffff]], [...VERSIONS]],
    [
      'versions may be left with a gap',
      [
        ['TLS 1.1', 'Enabled', 0],
        ['TLS 1.3', 'Enabled', 0],
      ],
      ['TLSv1', 'TLSv1.2'],
    ],
  ];
  it.each(cases)('%s', async (_name, values, left) => {
    const { address } = await bench.bootFaulty((disk) => {
      for (const [version, name, value] of values)
        setInSystem(disk, SCHANNEL_SERVER(version), name, dword(value));
    });
    expect(await offered(address)).toEqual(left);
  });

  it('count for credentials opened afterwards: when TermService starts again', async () => {
    const vm = await bench.boot('tls');
    const { registry, services } = vm.machine();
    registry.set(`${CURRENT}\\${SCHANNEL_SERVER('TLS 1.2')}`, 'Enabled', dword(1));
    registry.set(`${CURRENT}\\${SCHANNEL_SERVER('TLS 1.2')}`, 'DisabledByDefault', dword(0));
    expect(await offered(vm.address)).toEqual([]);
    await services.restart('TermService', { force: true });
    expect(await offered(vm.address)).toEqual(['TLSv1.2']);
  });

  it('all off are told by Schannel 36871', async () => {
    const vm = await bench.boot('tls');
    await look(vm.address);
    expect(vm.machine().events.query({ log: 'System', ids: [36871] })).toHaveLength(1);
  });
});

describe('what else breaks the handshake', () => {
  const policy = 'Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
  const local = 'Control\\Cryptography\\Configuration\\Local\\SSL\\00010002';
  const text = (value: string): RegistryValue => ({ type: 'REG_SZ', value });

  const cases: [name: string, change: (disk: GuestDisk) => void, seen: string][] = [
    [
      'a suite order by policy that is empty',
      (disk) => {
        setInSoftware(disk, policy, 'Functions', text(''));
      },
      'tls-cut',
    ],
    [
      'a suite order by policy that is no good for RSA',
      (disk) => {
        setInSoftware(disk, policy, 'Functions', text('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'));
      },
      'tls-cut',
    ],
    [
      'nothing, with one usable suite in the policy',
      (disk) => {
        setInSoftware(disk, policy, 'Functions', text('TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'));
      },
      'healthy',
    ],
    [
      'an empty local list',
      (disk) => {
        setInSystem(disk, local, 'Functions', { type: 'REG_MULTI_SZ', value: [] });
      },
      'tls-cut',
    ],
    [
      'every AES cipher off',
      (disk) => {
        setInSystem(disk, 'Control\\SecurityProviders\\SCHANNEL\\Ciphers\\AES 128/128', 'Enabled', dword(0));
        setInSystem(disk, 'Control\\SecurityProviders\\SCHANNEL\\Ciphers\\AES 256/256', 'Enabled', dword(0));
      },
      'tls-cut',
    ],
    [
      'FIPS with encryption level 4',
      (disk) => {
        setInSystem(disk, 'Control\\Lsa\\FIPSAlgorithmPolicy', 'Enabled', dword(1));
        setInSystem(disk, RDP_TCP, 'MinEncryptionLevel', dword(4));
      },
      'tls-cut',
    ],
    [
      'nothing, with FIPS alone',
      (disk) => {
        setInSystem(disk, 'Control\\Lsa\\FIPSAlgorithmPolicy', 'Enabled', dword(1));
      },
      'healthy',
    ],
  ];
  it.each(cases)('%s', async (_name, change, seen) => {
    expect(verdict(await look((await bench.bootFaulty(change)).address), NOW)).toBe(seen);
  });
});

describe('the negotiation', () => {
  const SSL = 1;
  const HYBRID = 2;
  const set = (name: string, value: number) => (disk: GuestDisk) => {
    setInSystem(disk, RDP_TCP, name, dword(value));
  };
  const cases: [name: string, change: (disk: GuestDisk) => void, requested: number, answer: string][] = [
    ['NLA for whoever offers it', () => undefined, SSL | HYBRID, 'response 2'],
    ['HYBRID_REQUIRED to a client without NLA', () => undefined, SSL, 'failure 5'],
    ['TLS to such a client where NLA is not asked for', set('UserAuthentication', 0), SSL, 'response 1'],
    [
      'SSL_REQUIRED to a client with nothing, at security layer 2',
      set('UserAuthentication', 0),
      0,
      'failure 1',
    ],
    ['SSL_NOT_ALLOWED at security layer 0', set('SecurityLayer', 0), SSL | HYBRID, 'failure 2'],
    ['nothing at all where negotiation is off', set('fAllowSecProtocolNegotiation', 0), SSL | HYBRID, 'none'],
    [
      'by policy before the local value',
      (disk) => {
        setInSoftware(disk, 'Policies\\Microsoft\\Windows NT\\Terminal Services', 'SecurityLayer', dword(0));
      },
      SSL | HYBRID,
      'failure 2',
    ],
  ];
  it.each(cases)('answers %s', async (_name, change, requested, answer) => {
    const { address } = await bench.bootFaulty(change);
    expect((await look(address, { requested })).negotiation).toBe(answer);
  });

  it('takes a routing cookie before the request, and hangs up on what is not X.224', async () => {
    const vm = await bench.boot('healthy');
    expect(await vm.machine().network.handshake(3389)).toMatchObject({ ok: true, tlsVersion: 'TLSv1.3' });
    const requests = [
      ['Cookie: mstshash=someone\r\n', 'd0'],
      ['GET / HTTP/1.1\r\n\r\n', ''],
    ] as const;
    for (const [payload, kind] of requests) {
      expect(await firstAnswer(vm.address, payload)).toBe(kind);
    }
    expect(vm.machine().events.query({ log: 'System', ids: [50], provider: 'TermDD' })).toHaveLength(1);
  });
});

/** Type byte of the X.224 answer in hex; empty when the server hangs up. */
async function firstAnswer(address: string, payload: string): Promise<string> {
  const { connect } = await import('node:net');
  const text = Buffer.from(payload);
  const isCookie = payload.startsWith('Cookie');
  const tail = Buffer.from('0100080003000000', 'hex');
  const head = Buffer.from([3, 0, 0, 11 + text.length + 8, 6 + text.length + 8, 0xe0, 0, 0, 0, 0, 0]);
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 3389 });
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      resolve(data.subarray(5, 6).toString('hex'));
      socket.destroy();
    });
    socket.once('close', () => {
      resolve('');
    });
    socket.write(isCookie ? Buffer.concat([head, text, tail]) : text);
  });
}
