import { LAB_GROUP_ID, startLab, type Lab } from '../../lab/arm/start-lab.ts';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { fillFleet } from '../../lab/fleet/index.ts';
import { createGuestFactory } from '../../lab/windows/factory.ts';
import { insideOf } from '../../lab/windows/inside.ts';
import { table } from '../../local/terminal/screen.ts';
import { ADMIN_ADDRESS } from '../../local/stage.ts';
import type { ProbeResult, ProbeState } from '../../shared/model/probe.ts';
import { probeRdp } from '../../shared/probe/probe.ts';
import {
  askNmap,
  askXfreerdp,
  INSTALLED,
  openDesk,
  startShadowServer,
  type Desk,
  NO_ANSWER,
} from './probe-peers.ts';
import { LOOPBACK } from './xrdp-server.ts';

/** Where a program is not installed the tests say so by name instead of passing without it. */
function withPeer(program: keyof typeof INSTALLED, name: string, body: () => Promise<void>): void {
  if (INSTALLED[program]) it(name, body);
  else it.skip(`${name} (no ${program})`, body);
}

/**
 * How far FreeRDP gets where the probe says so. It is told to ignore the certificate, as people do who know the
 * warning: then only the probe minds that it has expired.
 */
const FREERDP: Readonly<Record<ProbeState, readonly string[]>> = {
  healthy: ['LOGON_FAILURE'],
  'certificate-expired': ['LOGON_FAILURE'],
  filtered: ['no answer'],
  refused: ['CONNECT_TRANSPORT_FAILED', 'CONNECT_FAILED'],
  'not-rdp': ['CONNECT_TRANSPORT_FAILED'],
  'no-tls': ['SECURITY_NEGO_CONNECT_FAILED'],
  'negotiation-failed': ['SECURITY_NEGO_CONNECT_FAILED', 'CONNECT_TRANSPORT_FAILED'],
  'tls-failed': ['TLS_CONNECT_FAILED'],
  'nla-failed': [],
  'other-machine': [],
};

/** Of the probe's answer, what nmap prints of a challenge, in its words. */
function inNmapsWords({ machine }: ProbeResult): object | undefined {
  if (!machine) return undefined;
  return {
    NetBIOS_Computer_Name: machine.computerName,
    DNS_Computer_Name: machine.dnsName,
    // Nmap repeats a machine's own name where it has no domain.
    DNS_Domain_Name: machine.domain ?? machine.dnsName,
    Product_Version: machine.build,
    // It cuts the seconds' fraction off.
    System_Time: machine.time?.replace(/\.\d+Z$/, '+00:00'),
  };
}

function ofNmap(facts: ReadonlyMap<string, string> = new Map()): object | undefined {
  if (facts.size === 0) return undefined;
  const keys = [
    'NetBIOS_Computer_Name',
    'DNS_Computer_Name',
    'DNS_Domain_Name',
    'Product_Version',
    'System_Time',
  ];
  return Object.fromEntries(keys.map((key) => [key, facts.get(key)]));
}

/** Name, version and time, cut to its seconds. */
function cell([name, version, time]: readonly (string | undefined)[]): string {
  return name === undefined ? '-' : [name, version, time?.slice(0, 19)].join(' ');
}

const clock = createVirtualClock(Date.now());
let lab: Lab;
let desk: Desk | undefined;
/** The fleet's VMs that have an address, with what the probe says. */
const fleet = new Map<string, ProbeResult>();
const nmap = new Map<string, ReadonlyMap<string, string>>();
const freerdp = new Map<string, string>();

/** Two at a time, so that one that is silent keeps none of the others waiting. */
async function forEachVm(ask: (name: string, result: ProbeResult) => Promise<void>): Promise<void> {
  const left = [...fleet];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) await ask(...next);
  };
  await Promise.all([worker(), worker()]);
}

beforeAll(async () => {
  lab = await startLab({
    clock,
    guests: createGuestFactory({ engine: 'model' }),
    fleet: fillFleet,
    probeSource: ADMIN_ADDRESS,
  });
  if (INSTALLED.xfreerdp || INSTALLED.shadow) desk = await openDesk();
  for (const { name = '', ipAddress: address } of lab.store.publicIpAddresses.within(LAB_GROUP_ID)) {
    const target = { address: address ?? '', port: 3389 };
    fleet.set(name.replace(/-ip$/, ''), await probeRdp(target, { timeoutMs: 2000, now: () => clock.now() }));
  }
});

afterAll(async () => {
  // One row for each VM, side by side.
  const rows = [...fleet].map(([name, { state, machine }]) => {
    const other = nmap.get(name);
    const read = [machine?.dnsName, machine?.build, machine?.time];
    const readByNmap = ['DNS_Computer_Name', 'Product_Version', 'System_Time'].map((key) => other?.get(key));
    return [name, state, freerdp.get(name) ?? '-', cell(read), cell(readByNmap)];
  });
  process.stdout.write(`\n${table(['VM', 'probe', 'xfreerdp', 'probe reads', 'nmap reads'], rows)}\n`);
  await desk?.close();
  await lab.close();
});

describe('the probe and other people’s programs over the broken fleet', () => {
  withPeer('nmap', 'nmap reads the same names, versions and times from the same machines', async () => {
    await forEachVm(async (name, { address }) => {
      nmap.set(name, await askNmap(address));
    });
    const read = [...fleet.keys()].map((name) => [name, ofNmap(nmap.get(name))]);
    expect(read).toEqual([...fleet].map(([name, result]) => [name, inNmapsWords(result)]));
    expect(read.filter(([, facts]) => facts).length).toBeGreaterThan(2);
  });

  withPeer(
    'xfreerdp',
    'FreeRDP gets to a logon where the probe does, and fails as the probe says elsewhere',
    async () => {
      await forEachVm(async (name, { address }) => {
        // On a machine that is busy a client may be cut off before its last word: silence counts only where it is expected.
        const tries = fleet.get(name)?.state === 'filtered' ? 1 : 4;
        for (let nth = 0; nth < tries && (freerdp.get(name) ?? NO_ANSWER) === NO_ANSWER; nth++)
          freerdp.set(name, await askXfreerdp(desk!, address));
      });
      const judged = [...fleet].map(([name, { state }]) => ({
        name,
        state,
        freerdp: freerdp.get(name) ?? '',
      }));
      expect(judged.filter(({ state, freerdp }) => !FREERDP[state].includes(freerdp))).toEqual([]);
    },
  );

  withPeer('xfreerdp', 'a logon is logged by the VM, and the probe leaves no trace', async () => {
    const windows = insideOf(lab.guest('healthy')!);
    const failures = (): number => windows.machine()!.events.query({ log: 'Security', ids: [4625] }).length;
    const before = failures();
    const { address } = fleet.get('healthy')!;
    await probeRdp({ address, port: 3389 }, { timeoutMs: 2000, now: () => clock.now() });
    expect(failures()).toBe(before);
    await askXfreerdp(desk!, address);
    expect(failures()).toBe(before + 1);
  });
});

describe('an NLA server that nobody here has written', () => {
  withPeer('shadow', 'is healthy, and names itself to the probe as it does to nmap', async () => {
    const server = await startShadowServer(desk!);
    const result = await probeRdp(
      { address: LOOPBACK, port: server.port },
      { timeoutMs: 5000, now: Date.now },
    );
    expect(result).toMatchObject({ state: 'healthy', protocol: 'hybrid' });
    expect(Math.abs(Date.parse(result.machine?.time ?? '') - Date.now())).toBeLessThan(60_000);
    if (INSTALLED.nmap) {
      const read = ofNmap(await askNmap(LOOPBACK, server.port));
      expect(read).toMatchObject({ ...inNmapsWords(result), System_Time: expect.any(String) });
    }
    await server.close();
  });
});
