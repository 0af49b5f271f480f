import { setInSoftware, setInSystem, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { storeGpos } from '../../../lab/windows/policy.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { WindowsError } from '../../../lab/windows/machine/errors.ts';
import { diagnoseModel } from '../../../lab/windows/scripts/online/diagnose.ts';
import { RESULT_MARKER } from '../../../shared/model/guest-result.ts';
import { damageKey, expired, giveCertificate } from '../../../lab/fleet/faults/certificate.ts';
import { lockMachineKeys } from '../../../lab/fleet/faults/machine-keys.ts';
import {
  closeFirewall,
  denyConnections,
  disableListener,
  disableTermService,
  weakenSecurityLayer,
} from '../../../lab/fleet/faults/settings.ts';
import { takePort } from '../../../lab/fleet/faults/port.ts';
import { disableTls } from '../../../lab/fleet/faults/tls.ts';
import { comparable } from './support/comparable.ts';
import { itFailsWithPwsh, itWithPwsh } from './support/pwsh.ts';
import { faultsOf, NOW, onVm, resultOf } from './support/vm.ts';

const POLICIES = 'Policies\\Microsoft\\Windows NT\\Terminal Services';

/** Everything at once. */
const EVERY_FAULT: ((disk: GuestDisk) => void)[] = [
  (disk) => {
    takePort(disk, { service: 'Gateway', displayName: 'Gateway', stubborn: false });
    giveCertificate(disk, expired(NOW));
  },
  denyConnections,
  disableTermService,
  closeFirewall,
  disableListener,
  damageKey,
  lockMachineKeys,
  disableTls,
  weakenSecurityLayer,
];
const ALL_CAUSES = [
  'rdp-port',
  'rdp-denied',
  'term-service',
  'rdp-firewall',
  'rdp-listener',
  'rdp-certificate',
  'machine-keys',
  'tls',
  'rdp-security-layer',
];

describe('diagnosis', () => {
  it('finds every cause in one run, and changes nothing', async () => {
    await onVm('healthy', { faults: EVERY_FAULT }, async (vm) => {
      const before = structuredClone(vm.disk);
      const { findings, changed } = await vm.run('online/diagnose');
      const causes = findings.filter(({ severity }) => severity === 'fault').map(({ cause }) => cause);
      expect([...new Set(causes)]).toEqual(ALL_CAUSES);
      expect(changed).toBe(false);
      expect(vm.disk).toEqual(before);
    });
  });

  it('says on which Windows it ran, who has the port, and how far a client comes', async () => {
    await onVm('term-service', {}, async (vm) => {
      const { facts } = await vm.run('online/diagnose');
      expect(facts).toMatchObject({
        osName: 'Windows Server 2022 Datacenter',
        osBuild: 20348,
        language: 'de-DE',
        rdpPort: 3389,
        rdpOwner: '',
        handshake: 'connect',
      });
    });
  });

  it('counts failed logons by workstation and by address, which may be missing', async () => {
    const attackers = ['203.0.113.11', '192.0.2.54'];
    await onVm('open-to-internet', { attackers }, async (vm) => {
      const { findings } = await vm.run('online/diagnose');
      const attack = findings.find(({ code }) => code === 'FailedLogons');
      expect(attack).toMatchObject({ severity: 'info', data: { count: 1000, hours: 24 } });
      for (const source of [...attackers, '-']) expect(attack?.data['sources']).toContain(`${source} (`);
      expect(attack?.data['workstations']).toMatch(/^WIN-\d \(\d+\), /);
    });
  });

  it('names the policy that a refusal comes from', async () => {
    const deny = (disk: GuestDisk): void => {
      setInSoftware(disk, POLICIES, 'fDenyTSConnections', { type: 'REG_DWORD', value: 1 });
    };
    await onVm('healthy', { faults: [deny] }, async (vm) => {
      const { remaining } = await vm.run('online/rdp-denied');
      expect(faultsOf(remaining)).toEqual(['ConnectionsDeniedByPolicy']);
      expect(remaining[0]?.data).toEqual({ gpo: 'unknown' });
    });
  });

  it('takes FIPS, NLA off and drain mode for no fault, but tells them', async () => {
    const set = (disk: GuestDisk): void => {
      const one = { type: 'REG_DWORD' as const, value: 1 };
      setInSystem(disk, 'Control\\Lsa\\FIPSAlgorithmPolicy', 'Enabled', one);
      setInSystem(disk, 'Control\\Terminal Server', 'TSServerDrainMode', one);
      setInSystem(disk, 'Control\\Terminal Server\\WinStations\\RDP-Tcp', 'UserAuthentication', {
        type: 'REG_DWORD',
        value: 0,
      });
    };
    await onVm('healthy', { faults: [set] }, async (vm) => {
      const { findings } = await vm.run('online/diagnose');
      expect(faultsOf(findings)).toEqual([]);
      const warnings = findings.filter(({ severity }) => severity === 'warning').map(({ code }) => code);
      expect(warnings).toEqual(['ConnectionsDenied', 'FipsOn', 'NlaOff']);
    });
  });

  it('tells a clock that is wrong, and by how much', async () => {
    const beAhead = (disk: GuestDisk): void => {
      const value = 3600;
      setInSystem(disk, 'Services\\W32Time\\Parameters', 'LabClockSkewSeconds', { type: 'REG_DWORD', value });
    };
    await onVm('healthy', { faults: [beAhead] }, async (vm) => {
      const { findings } = await vm.run('online/diagnose');
      expect(findings).toContainEqual(
        expect.objectContaining({ code: 'ClockSkew', severity: 'warning', data: { seconds: 3600 } }),
      );
    });
  });

  it('tells that Windows Firewall does not run, and does not guess at its rules', async () => {
    const stop = (disk: GuestDisk): void => {
      setInSystem(disk, 'Services\\MpsSvc', 'Start', { type: 'REG_DWORD', value: 4 });
    };
    await onVm('rdp-firewall', { faults: [stop] }, async (vm) => {
      const { findings } = await vm.run('online/diagnose');
      const codes = findings.map(({ code }) => code).filter((code) => code.startsWith('Firewall'));
      expect(codes).toEqual(['FirewallServiceStopped']);
    });
  });

  it('tells a local list of cipher suites that is empty', async () => {
    const empty = (disk: GuestDisk): void => {
      const key = 'Control\\Cryptography\\Configuration\\Local\\SSL\\00010002';
      setInSystem(disk, key, 'Functions', { type: 'REG_MULTI_SZ', value: [] });
    };
    await onVm('healthy', { faults: [empty] }, async (vm) => {
      const { findings, facts } = await vm.run('online/diagnose');
      expect(facts).toMatchObject({ handshake: 'tls' });
      expect(findings.map(({ code }) => code)).toContain('CipherListEmpty');
    });
  });

  it('names every value that a policy sets, and the policy', async () => {
    const byPolicy = (disk: GuestDisk): void => {
      const value = { type: 'REG_DWORD' as const, value: 2 };
      storeGpos(windowsVolume(disk), [
        {
          id: '{00000000-0000-4000-8000-000000000001}',
          name: 'RDP baseline',
          settings: [{ kind: 'policy', hive: 'SOFTWARE', key: POLICIES, name: 'SecurityLayer', value }],
        },
      ]);
    };
    await onVm('healthy', { faults: [byPolicy] }, async (vm) => {
      const { findings } = await vm.run('online/diagnose');
      expect(findings).toContainEqual(
        expect.objectContaining({ code: 'PolicyValues', data: { SecurityLayer: '2 (RDP baseline)' } }),
      );
    });
  });

  it('gives the settings as they are, right or wrong', async () => {
    await onVm('tls', {}, async (vm) => {
      const { facts } = await vm.run('online/diagnose');
      expect(facts).toMatchObject({
        listener:
          'fDenyTSConnections=0 PortNumber=3389 fEnableWinStation=1 UserAuthentication=1 SecurityLayer=2 fAllowSecProtocolNegotiation=1 MinEncryptionLevel=3',
        certificates: expect.stringMatching(/^bound: none; own: good 2026-\d\d-\d\d$/),
        services:
          'TermService=Running/Manual SessionEnv=Running/Manual UmRdpService=Running/Manual gpsvc=Running/Auto',
        protocolsOff: expect.stringContaining('TLS 1.2 Server'),
        rdpProcess: expect.stringMatching(/^\d+$/),
      });
    });
  });

  it('tells algorithms that are switched off, whatever stands in their names', async () => {
    const switchOff = (disk: GuestDisk): void => {
      const cipher = 'Control\\SecurityProviders\\SCHANNEL\\Ciphers\\AES 128/128';
      setInSystem(disk, cipher, 'Enabled', { type: 'REG_DWORD', value: 0 });
    };
    await onVm('healthy', { faults: [switchOff] }, async (vm) => {
      const { findings } = await vm.run('online/diagnose');
      expect(findings).toContainEqual(
        expect.objectContaining({ code: 'SchannelAlgorithmsOff', data: { algorithms: 'AES 128/128' } }),
      );
    });
  });
});

describe('a check that Windows does not allow', () => {
  it('is told, and all the others are still made', async () => {
    await onVm('rdp-denied', {}, async (vm) => {
      const refuse = () => {
        throw new WindowsError(5, 'the log may not be read');
      };
      const machine = { ...vm.machine(), events: { query: refuse } };
      const { ok, findings, facts } = await diagnoseModel(machine, {});
      expect(ok).toBe(true);
      expect(faultsOf(findings)).toEqual(['ConnectionsDenied']);
      const failed = findings.filter(({ code }) => code === 'CheckFailed').map(({ data }) => data['check']);
      expect(failed).toEqual(['Find-FailedLogon', 'Find-LoggedError']);
      expect(facts).toHaveProperty('osBuild');
    });
  });
});

describe('the result line', () => {
  it('fits into what Run Command keeps, whatever is found, and names every fault', async () => {
    await onVm('healthy', { faults: EVERY_FAULT, attackers: ['203.0.113.11'] }, async (vm) => {
      const { stdout } = await vm.execute('online/diagnose');
      const line = stdout.trimEnd().split('\n').at(-1) ?? '';
      expect(line.startsWith(RESULT_MARKER)).toBe(true);
      expect(Buffer.byteLength(line)).toBeLessThan(3600);
    });
  });

  // A key that may not be seen ends two checks in PowerShell.
  itFailsWithPwsh('is as short in PowerShell, drops the same words, and is ASCII', async () => {
    const options = { faults: EVERY_FAULT, attackers: ['203.0.113.11'] };
    let model: unknown;
    await onVm('machine-keys', options, async (vm) => {
      model = await vm.run('online/diagnose');
    });
    await onVm('machine-keys', { ...options, engine: 'pwsh' }, async (vm) => {
      const outcome = await vm.execute('online/diagnose');
      const line = outcome.stdout.trimEnd().split('\n').at(-1) ?? '';
      expect(line).toMatch(/^RDP-MEDIC-RESULT [\x20-\x7e]+$/);
      expect(Buffer.byteLength(line)).toBeLessThan(3600);
      expect(comparable(resultOf(outcome))).toEqual(comparable(model));
    });
  });

  itWithPwsh('comes on the way of an error too, with its code and exit code 1', async () => {
    await onVm('rdp-port-stubborn', { engine: 'pwsh' }, async (vm) => {
      const outcome = await vm.execute('online/rdp-port', { NewPort: '5985' });
      expect(outcome.exitCode).toBe(1);
      expect(resultOf(outcome)).toMatchObject({ ok: false, error: { code: 'NoFreePort' } });
    });
  });
});
