import { fleetVm } from '../../lab/fleet/index.ts';
import { ADMIN_ADDRESS } from '../../local/stage.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const ATTACKER = '203.0.113.11';
const now = Date.now();

let theatre: Theatre;
beforeAll(async () => {
  const named = (vm: string, name: string) => {
    const one = fleetVm(vm, { now });
    return { ...one, spec: { ...one.spec, name } };
  };
  const exposed = (name: string) => named('open-to-internet', name);
  theatre = await openTheatre(15, {
    fleet: [
      exposed('closed'),
      exposed('only-told'),
      named('tls-agent-not-ready', 'bare'),
      fleetVm('rdp-port-stubborn', { now }),
      fleetVm('peer', { now }),
    ],
  });
});
afterAll(() => theatre.close());

const reaches = (name: string, source: string, port = 3389): boolean =>
  theatre.stage.lab.isReachable(name, source, port);

describe('RDP that stands open to the Internet', () => {
  it('is restricted to the administrators, and the record holds the old rule to write back', async () => {
    const record = await theatre.remediate('closed');
    expect(record.outcome).toMatchObject({ kind: 'repaired-online', causes: ['open-to-internet'] });
    expect(reaches('closed', ATTACKER)).toBe(false);
    expect(reaches('closed', ADMIN_ADDRESS)).toBe(true);
    expect(record.changedRules).toMatchObject([
      {
        before: { name: 'allow-rdp-any', priority: 300, access: 'Allow', sources: ['*'] },
        after: { name: 'allow-rdp-any', priority: 300, access: 'Allow', sources: [ADMIN_ADDRESS] },
      },
    ]);
  });

  it('is told, and nothing is closed, where nobody said who its administrators are', async () => {
    const record = await theatre.remediate('only-told', { options: { adminAddresses: [] } });
    const step = record.steps.find(({ id }) => id === 'rdp-security');
    expect(step).toMatchObject({ state: 'skipped', actions: [], findings: [{ code: 'RdpOpenToInternet' }] });
    expect(record.changedRules).toBeUndefined();
    expect(record.warnings.join('\n')).toContain('open to the Internet');
    expect(reaches('only-told', ATTACKER)).toBe(true);
  });
});

describe('A network card with no security group before it', () => {
  it('is not told as one that no rule opens', async () => {
    const { lab } = theatre.stage;
    const nicId = lab.vm('bare').properties.networkProfile?.networkInterfaces?.[0]?.id ?? '';
    const nic = lab.store.networkInterfaces.find(nicId);
    if (!nic) throw new Error('bare has no network card');
    delete nic.properties.networkSecurityGroup;
    const record = await theatre.remediate('bare', { mode: 'online' });
    const step = record.steps.find(({ id }) => id === 'rdp-security');
    expect(step).toMatchObject({ state: 'skipped', actions: [] });
    expect(step?.detail).toContain('No network security group applies to');
    expect(record.warnings.join()).toContain('a Basic SKU public address');
  });
});

describe('RDP that was moved to another port', () => {
  it('is let through for administrators alone, and the record names the new rule', async () => {
    const record = await theatre.remediate('rdp-port-stubborn');
    expect(record.outcome).toMatchObject({ kind: 'repaired-online', rdpPort: 3390 });
    expect(reaches('rdp-port-stubborn', ADMIN_ADDRESS, 3390)).toBe(true);
    expect(reaches('rdp-port-stubborn', ATTACKER, 3390)).toBe(false);
    expect(record.changedRules).toMatchObject([{ before: null, after: { destinationPorts: ['3390'] } }]);
    // Its group is its own.
    expect(record.steps.map(({ detail }) => detail).join()).not.toContain('also protects other machines');
  });
});
