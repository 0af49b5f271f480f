import fc from 'fast-check';
import { samHiveOf, setInSoftware } from '../../../lab/fleet/disk/edit.ts';
import { passwordHash } from '../../../lab/windows/accounts.ts';
import type { GuestDisk, RegistryValue } from '../../../lab/windows/disk.ts';
import { changeRule, parseRule } from '../../../lab/windows/firewall.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import { createMachine } from '../../../lab/windows/machine/create.ts';
import { createChangeGate } from '../../../lab/windows/machine/change-gate.ts';
import { CURRENT } from './keys.ts';
import { look } from './rdp-client.ts';
import { createBench, diskOf, NOW, refusal, type Bench, type BenchVm } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const text = (value: string): RegistryValue => ({ type: 'REG_SZ', value });

describe('a firewall rule', () => {
  const raw =
    'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|EmbedCtxt=@FirewallAPI.dll,-28752|';

  it('is read from its string', () => {
    expect(parseRule('rule', raw, 'local')).toMatchObject({
      active: true,
      action: 'Allow',
      direction: 'In',
      protocol: 6,
      localPorts: ['3389'],
      service: 'termservice',
      group: '@FirewallAPI.dll,-28752',
    });
  });

  it('keeps every field that is not meant, version and order included', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 1, max: 65_535 }), (active, port) => {
        const changed = changeRule(raw, { active, localPort: String(port) });
        const back = changeRule(changed, { active: true, localPort: '3389' });
        expect(back).toBe(raw);
        expect(parseRule('rule', changed, 'local')).toMatchObject({ active, localPorts: [String(port)] });
      }),
    );
  });

  it('gets a field that it did not have, and one port instead of several', () => {
    expect(changeRule('v2.31|Active=TRUE|Dir=In|', { localPort: '3390' })).toBe(
      'v2.31|Active=TRUE|Dir=In|LPort=3390|',
    );
    expect(changeRule('v2.31|LPort=1|LPort=2|Dir=In|', { localPort: '3' })).toBe('v2.31|LPort=3|Dir=In|');
  });

  it('by policy that blocks wins over the local one that allows', async () => {
    const disk = diskOf('healthy');
    setInSoftware(
      disk,
      'Policies\\Microsoft\\WindowsFirewall\\FirewallRules',
      'RemoteDesktop-UserMode-In-TCP',
      text('v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3380-3400|'),
    );
    const vm = await bench.boot('healthy', { disk });
    const { firewall } = vm.machine();
    expect(firewall.lets('tcp', 3389)).toBe(false);
    expect(firewall.lets('udp', 3389)).toBe(true);
    expect((await look(vm.address)).end).toBe('silent');
    expect(refusal(() => firewall.set('No-Such-Rule', { active: true }))).toBe(2);
  });
});

describe('events', () => {
  it('are in the language of Windows, and found by id, provider and time', async () => {
    const vm = await bench.boot('machine-keys');
    const { certificates, services, events } = vm.machine();
    certificates.remove('Remote Desktop', certificates.list('Remote Desktop')[0]?.thumbprint ?? '');
    await services.restart('SessionEnv');
    const [event] = events.query({ log: 'System', ids: [1057] });
    expect(event?.message).toContain('Zugriff verweigert');
    expect(events.query({ log: 'System', provider: 'Schannel' }).map(({ id }) => id)).toEqual([36870]);
    expect(events.query({ log: 'System', since: NOW + 1 })).toEqual([]);
  });

  it('of an attack come about every second, newest first, within what was asked for', async () => {
    const vm = await bench.boot('open-to-internet', {
      attackers: ['203.0.113.11', '192.0.2.54'],
      lets: () => true,
    });
    const { events } = vm.machine();
    const lastMinute = events.query({ log: 'Security', ids: [4625], since: NOW - 60_000, max: 1_000 });
    expect(lastMinute.length).toBeGreaterThan(30);
    expect(lastMinute.length).toBeLessThan(120);
    expect(lastMinute.map(({ time }) => time)).toEqual(
      lastMinute.map(({ time }) => time).toSorted((a, b) => b - a),
    );
    expect(new Set(lastMinute.map(({ data }) => data['IpAddress']))).toEqual(
      new Set(['203.0.113.11', '192.0.2.54', '-']),
    );
    expect(events.query({ log: 'Security', max: 10 })).toHaveLength(10);
  });

  it('of an attack stop when the attackers no longer get in', async () => {
    let open = true;
    const vm = await bench.boot('open-to-internet', {
      attackers: ['203.0.113.11'],
      lets: (source) => open || source.startsWith('198.51.100.'),
    });
    const { events } = vm.machine();
    events.query({ log: 'Security' });
    open = false;
    events.query({ log: 'Security' });
    bench.clock.setTimer(NOW + 600_000, () => undefined);
    await bench.clock.idle();
    expect(events.query({ log: 'Security', since: NOW + 60_000 })).toEqual([]);
    expect(events.query({ log: 'Security', since: NOW - 60_000 })).not.toEqual([]);
  });
});

describe('a local administrator of a workgroup', () => {
  const ADMIN = 'S-1-5-21-500:rescuer';

  /** Both machines know the account; the target may hand out the whole token. */
  async function pair(unfiltered: boolean): Promise<{ target: BenchVm; open: () => Promise<unknown> }> {
    const give = (disk: GuestDisk): GuestDisk => {
      const sam = samHiveOf(disk);
      sam['SAM\\Domains\\Account\\Users\\Names\\rescuer'] = { PasswordHash: text(passwordHash('secret')) };
      sam['SAM\\Domains\\Builtin\\Aliases\\Administrators'] = {
        Members: { type: 'REG_MULTI_SZ', value: ['rescuer'] },
      };
      return disk;
    };
    const disk = give(diskOf('rdp-certificate'));
    if (unfiltered) {
      setInSoftware(
        disk,
        'Microsoft\\Windows\\CurrentVersion\\Policies\\System',
        'LocalAccountTokenFilterPolicy',
        {
          type: 'REG_DWORD',
          value: 1,
        },
      );
    }
    const target = await bench.boot('rdp-certificate', { disk });
    const peer = await bench.boot('healthy', { disk: give(diskOf('healthy')) });
    const running = insideOf(peer.guest).running();
    if (!running) throw new Error('the peer does not run');
    const machine = createMachine(running, ADMIN, createChangeGate());
    return { target, open: () => machine.certificates.openRemote(target.address, 'Remote Desktop') };
  }

  it('comes to another machine with a filtered token (5)', async () => {
    const { open } = await pair(false);
    await expect(open()).rejects.toMatchObject({ code: 5 });
  });

  it('may delete there where the target does not filter', async () => {
    const { open } = await pair(true);
    await expect(open()).resolves.toBeDefined();
  });

  it('cannot change the Group Policy service, as SYSTEM can', async () => {
    const running = insideOf((await bench.boot('healthy')).guest).running();
    if (!running) throw new Error('it does not run');
    const { registry } = createMachine(running, ADMIN, createChangeGate());
    expect(
      refusal(() => {
        registry.set(`${CURRENT}\\Services\\gpsvc`, 'Start', { type: 'REG_DWORD', value: 4 });
      }),
    ).toBe(5);
  });
});

describe("the guest's clock", () => {
  it("may be wrong, which its host's clock shows", async () => {
    const disk = diskOf('healthy');
    const vm = await bench.boot('healthy', { disk });
    const { registry } = vm.machine();
    registry.set(`${CURRENT}\\Services\\W32Time\\Parameters`, 'LabClockSkewSeconds', {
      type: 'REG_DWORD',
      value: 900,
    });
    const { info } = vm.machine();
    expect(info.now() - info.hostTime()).toBe(900_000);
  });
});
