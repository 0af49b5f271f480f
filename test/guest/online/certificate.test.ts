import {
  bindCertificate,
  corruptCertificate,
  damageKey,
  expired,
  inTime,
} from '../../../lab/fleet/faults/certificate.ts';
import { samHiveOf, setInSoftware, setInSystem } from '../../../lab/fleet/disk/edit.ts';
import { passwordHash } from '../../../lab/windows/accounts.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { Machine } from '../../../lab/windows/machine.ts';
import { comparableDisk } from './support/comparable.ts';
import { itFailsWithPwsh, itWithPwsh } from './support/pwsh.ts';
import { faultsOf, NOW, onVm, startVm, type VmOptions } from './support/vm.ts';

const RDP_TCP = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp';
const TARGET = '10.0.0.9';

/** What Run Command is given as `runAsUser` and `runAsPassword`. */
const ACCOUNT = { user: 'keeper', password: 'a password of the lab' };

/** A local administrator of that name and password. */
function addAccount(disk: GuestDisk): void {
  const sam = samHiveOf(disk);
  sam[`SAM\\Domains\\Account\\Users\\Names\\${ACCOUNT.user}`] = {
    PasswordHash: { type: 'REG_SZ', value: passwordHash(ACCOUNT.password) },
  };
  sam['SAM\\Domains\\Builtin\\Aliases\\Administrators'] = {
    Members: { type: 'REG_MULTI_SZ', value: ['azureadmin', ACCOUNT.user] },
  };
}

function allowRemoteAdministrators(disk: GuestDisk): void {
  const policies = 'Microsoft\\Windows\\CurrentVersion\\Policies\\System';
  setInSoftware(disk, policies, 'LocalAccountTokenFilterPolicy', { type: 'REG_DWORD', value: 1 });
}

function thumbprints({ certificates }: Machine): string[] {
  return certificates.list('Remote Desktop').map(({ thumbprint }) => thumbprint);
}

describe('the certificate of RDP', () => {
  it('is replaced when it has expired; the listener serves the new one', async () => {
    await onVm('rdp-certificate', {}, async (vm) => {
      const [old] = thumbprints(vm.machine());
      await vm.run('online/rdp-certificate');
      const [fresh, ...more] = thumbprints(vm.machine());
      expect(more).toEqual([]);
      expect(fresh).not.toBe(old);
      expect(await vm.machine().network.handshake(3389)).toMatchObject({ ok: true, thumbprint: fresh });
    });
  });

  it('is left alone while a good one is bound to the listener', async () => {
    const bind = (disk: GuestDisk): void => {
      bindCertificate(disk, inTime(NOW));
    };
    await onVm('rdp-certificate', { faults: [bind] }, async (vm) => {
      expect(await vm.run('online/rdp-certificate')).toMatchObject({ changed: false, findings: [] });
    });
  });

  it('is unbound when it has expired, and stays in its store', async () => {
    let bound = '';
    const bind = (disk: GuestDisk): void => {
      bound = bindCertificate(disk, expired(NOW));
    };
    await onVm('healthy', { faults: [bind] }, async (vm) => {
      const { actions } = await vm.run('online/rdp-certificate');
      expect(actions[0]).toMatchObject({
        what: 'remove registry value',
        target: expect.stringContaining('SSLCertificateSHA1Hash'),
        before: bound.toLowerCase(),
      });
      expect(vm.machine().registry.get(RDP_TCP, 'SSLCertificateSHA1Hash')).toBeUndefined();
      expect(vm.machine().certificates.list('My')).toHaveLength(1);
    });
  });

  it('stays bound on a Connection Broker, which has to replace it itself', async () => {
    const makeBroker = (disk: GuestDisk): void => {
      bindCertificate(disk, expired(NOW));
      for (const [name, value] of Object.entries({ Start: 2, Type: 16 }))
        setInSystem(disk, 'Services\\Tssdis', name, { type: 'REG_DWORD', value });
    };
    await onVm('healthy', { faults: [makeBroker] }, async (vm) => {
      const { remaining } = await vm.run('online/rdp-certificate');
      expect(faultsOf(remaining)).toEqual(['ConnectionBroker', 'BoundCertificateExpired']);
      expect(vm.machine().registry.get(RDP_TCP, 'SSLCertificateSHA1Hash')).toBeDefined();
    });
  });

  it('comes back where Windows had been told to look elsewhere', async () => {
    const mislead = (disk: GuestDisk): void => {
      const stations = 'Control\\Terminal Server\\WinStations';
      setInSystem(disk, stations, 'SelfSignedCertStore', { type: 'REG_SZ', value: 'Elsewhere' });
    };
    await onVm('rdp-certificate', { faults: [mislead] }, async (vm) => {
      expect(await vm.run('online/rdp-certificate')).toMatchObject({ ok: true, remaining: [] });
    });
  });

  it('is made anew with its key when the key is damaged, and the damaged one is kept', async () => {
    await onVm('healthy', { faults: [damageKey] }, async (vm) => {
      const { actions } = await vm.run('online/machine-keys');
      const aside = actions.find(({ what }) => what === 'move damaged key aside')?.after ?? '';
      expect(aside).toContain('MachineKeys-rdp-medic');
      expect(vm.machine().files.get(aside)).toMatchObject({ damaged: true });
      expect(await vm.machine().network.handshake(3389)).toMatchObject({ ok: true });
    });
  });
});

describe('a certificate that its own machine cannot delete', () => {
  /** The broken VM, and a peer in its network and domain that can reach it. */
  async function repairThroughPeer(options: VmOptions): Promise<unknown> {
    const broken = await startVm('rdp-certificate-peer');
    const peer = await startVm('peer', { ...options, peers: { [TARGET]: () => broken.guest } });
    try {
      const here = await broken.run('online/rdp-certificate');
      expect(faultsOf(here.remaining)).toEqual(['CertificateStoreGuarded', 'CertificateExpired']);
      expect(here.facts).toEqual({ peerNeeded: true });

      const there = await peer.run('online/peer-certificate', { ComputerName: TARGET });
      expect(there).toMatchObject({ ok: true, changed: true, remaining: [] });
      expect(await peer.run('online/peer-certificate', { ComputerName: TARGET })).toMatchObject({
        changed: false,
        findings: [],
      });

      expect(await broken.run('online/rdp-certificate')).toMatchObject({ ok: true, remaining: [] });
      expect(faultsOf((await broken.run('online/diagnose')).findings)).toEqual([]);
      return comparableDisk(broken.disk);
    } finally {
      await peer.close();
      await broken.close();
    }
  }

  it('is deleted by a peer of its domain', async () => {
    await repairThroughPeer({});
  });

  itWithPwsh('is deleted by a peer in PowerShell too, and the disk is the same', async () => {
    expect(await repairThroughPeer({ engine: 'pwsh' })).toEqual(await repairThroughPeer({}));
  });

  for (const engine of ['model', 'pwsh'] as const) {
    // The script pipes to Write-Information.
    const test = engine === 'pwsh' ? itFailsWithPwsh : it;
    test(`is deleted by a peer when it cannot even be parsed (${engine})`, async () => {
      const corrupt = (disk: GuestDisk): void => {
        corruptCertificate(disk, NOW);
      };
      const broken = await startVm('rdp-certificate-peer', { faults: [corrupt] });
      const peer = await startVm('peer', { engine, peers: { [TARGET]: () => broken.guest } });
      try {
        expect((await broken.run('online/rdp-certificate')).facts).toEqual({ peerNeeded: true });
        const { findings, actions, remaining } = await peer.run('online/peer-certificate', {
          ComputerName: TARGET,
        });
        expect(faultsOf(findings)).toEqual(['CertificateCorrupt']);
        expect(actions).toMatchObject([{ what: 'delete certificate', before: 'corrupt' }]);
        expect(remaining).toEqual([]);
        expect(await broken.run('online/rdp-certificate')).toMatchObject({ ok: true, remaining: [] });
      } finally {
        await peer.close();
        await broken.close();
      }
    });
  }

  it('is deleted from a workgroup machine by an account that both know, and that counts as a whole there', async () => {
    const broken = await startVm('rdp-certificate-peer', { faults: [addAccount, allowRemoteAdministrators] });
    const stranger = await startVm('healthy', {
      faults: [addAccount],
      peers: { [TARGET]: () => broken.guest },
    });
    try {
      const wrong = await stranger.execute(
        'online/peer-certificate',
        { ComputerName: TARGET },
        {
          ...ACCOUNT,
          password: 'not this one',
        },
      );
      expect(wrong.stdout).toBe('');
      const { ok, remaining } = await stranger.run(
        'online/peer-certificate',
        { ComputerName: TARGET },
        ACCOUNT,
      );
      expect({ ok, remaining }).toEqual({ ok: true, remaining: [] });
      expect(thumbprints(broken.machine())).toEqual([]);
    } finally {
      await stranger.close();
      await broken.close();
    }
  });

  it('is not deleted by that account where the network cuts its rights down', async () => {
    const broken = await startVm('rdp-certificate-peer', { faults: [addAccount] });
    const stranger = await startVm('healthy', {
      faults: [addAccount],
      peers: { [TARGET]: () => broken.guest },
    });
    try {
      const { error } = await stranger.run('online/peer-certificate', { ComputerName: TARGET }, ACCOUNT);
      expect(error?.code).toBe('PeerNotPossible');
      expect(thumbprints(broken.machine())).toHaveLength(1);
    } finally {
      await stranger.close();
      await broken.close();
    }
  });

  it('cannot be deleted by the SYSTEM of a workgroup machine: not possible, and why', async () => {
    const broken = await startVm('rdp-certificate-peer');
    const stranger = await startVm('healthy', { peers: { [TARGET]: () => broken.guest } });
    try {
      const before = structuredClone(broken.disk);
      const { ok, error } = await stranger.run('online/peer-certificate', { ComputerName: TARGET });
      expect(ok).toBe(false);
      expect(error).toMatchObject({ code: 'PeerNotPossible', message: expect.stringContaining('denied') });
      expect(broken.disk).toEqual(before);
    } finally {
      await stranger.close();
      await broken.close();
    }
  });

  it('cannot be deleted where nobody answers', async () => {
    await onVm('peer', {}, async (vm) => {
      const { error } = await vm.run('online/peer-certificate', { ComputerName: '10.0.0.77' });
      expect(error?.code).toBe('PeerNotPossible');
    });
  });
});
