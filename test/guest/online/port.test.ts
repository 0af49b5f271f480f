import { takePort } from '../../../lab/fleet/faults/port.ts';
import { setInSystem } from '../../../lab/fleet/disk/edit.ts';
import { disableListener } from '../../../lab/fleet/faults/settings.ts';
import { RDP_TCP } from '../../../lab/windows/rdp/settings.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { needGateway, superviseGateway } from './support/causes.ts';
import { faultsOf, onVm, type Vm } from './support/vm.ts';

const RULES = ['RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP'];

/** One of Windows' own services, made to listen on the RDP port. */
const letWinmgmtListen = (disk: GuestDisk): void => {
  setInSystem(disk, 'Services\\Winmgmt\\Parameters', 'ListensOn', { type: 'REG_DWORD', value: 3389 });
  setInSystem(disk, 'Services\\Winmgmt', 'Start', { type: 'REG_DWORD', value: 2 });
};

function setPort(value: number): (disk: GuestDisk) => void {
  return (disk) => {
    setInSystem(disk, RDP_TCP, 'PortNumber', { type: 'REG_DWORD', value });
  };
}

function ownersOf(vm: Vm, port: number): (string | undefined)[] {
  const { network, services } = vm.machine();
  return network
    .listeners()
    .filter((listener) => listener.port === port)
    .map(({ pid }) => services.list().find((service) => service.pid === pid)?.name);
}

function rulePorts(vm: Vm): string[][] {
  return RULES.map((name) => vm.machine().firewall.get(name)?.localPorts ?? []);
}

describe('the RDP port', () => {
  it('is taken back from a service that stops, and stays 3389', async () => {
    await onVm('rdp-port', {}, async (vm) => {
      const { facts, actions } = await vm.run('online/rdp-port');
      expect(facts).toEqual({});
      expect(actions.slice(0, 2)).toMatchObject([
        { what: 'set service start type', target: 'ContosoWebGateway', before: 'Automatic', after: 'Manual' },
        { what: 'stop service', target: 'ContosoWebGateway' },
      ]);
      expect(ownersOf(vm, 3389)).toEqual(['TermService']);
      expect(rulePorts(vm)).toEqual([['3389'], ['3389']]);
    });
  });

  it('is still RDP’s after Windows was restarted: what gave way does not start first again', async () => {
    await onVm('rdp-port', { faults: [needGateway] }, async (vm) => {
      await vm.run('online/rdp-port');
      expect(ownersOf(vm, 3389)).toEqual(['TermService']);
      await vm.restart();
      expect(ownersOf(vm, 3389)).toEqual(['TermService']);
      expect(await vm.machine().network.handshake(3389)).toMatchObject({ ok: true });
    });
  });

  it('moves away from a service that comes back, which is then as it was', async () => {
    await onVm('rdp-port', { faults: [superviseGateway, needGateway] }, async (vm) => {
      const { facts, remaining } = await vm.run('online/rdp-port');
      expect({ facts, remaining }).toEqual({ facts: { newPort: 3390 }, remaining: [] });
      expect(ownersOf(vm, 3390)).toEqual(['TermService']);
      for (const name of ['ContosoWebGateway', 'ContosoPortal']) {
        expect(vm.machine().services.get(name)).toMatchObject({ state: 'Running', startType: 'Automatic' });
      }
      await vm.restart();
      expect(ownersOf(vm, 3390)).toEqual(['TermService']);
    });
  });

  it('moves away from Windows’ own web server, which is no service', async () => {
    await onVm('healthy', { faults: [setPort(5985)] }, async (vm) => {
      const { findings, facts } = await vm.run('online/rdp-port');
      expect(findings[0]).toMatchObject({
        code: 'PortTakenByProgram',
        data: { port: 5985, owner: 'System' },
      });
      expect(facts).toEqual({ newPort: 3390 });
      expect(ownersOf(vm, 3390)).toEqual(['TermService']);
    });
  });

  it('is told when nobody listens on it even after the move', async () => {
    await onVm('rdp-port-stubborn', { faults: [disableListener] }, async (vm) => {
      const { remaining } = await vm.run('online/rdp-port');
      expect(remaining).toMatchObject([{ code: 'PortNotServed', cause: 'rdp-port', data: { port: 3390 } }]);
    });
  });

  it('moves away from a service that does not stop, with both firewall rules', async () => {
    await onVm('rdp-port-stubborn', {}, async (vm) => {
      const { facts } = await vm.run('online/rdp-port');
      expect(facts).toEqual({ newPort: 3390 });
      expect(ownersOf(vm, 3390)).toEqual(['TermService']);
      expect(ownersOf(vm, 3389)).toEqual(['ContosoLicense']);
      expect(rulePorts(vm)).toEqual([['3390'], ['3390']]);
    });
  });

  it('moves to the port that is asked for', async () => {
    await onVm('rdp-port-stubborn', {}, async (vm) => {
      const { facts } = await vm.run('online/rdp-port', { NewPort: '5500' });
      expect(facts).toEqual({ newPort: 5500 });
      expect(ownersOf(vm, 5500)).toEqual(['TermService']);
    });
  });

  it('does not move to a port that is taken, and says so', async () => {
    await onVm('rdp-port-stubborn', {}, async (vm) => {
      const before = structuredClone(vm.disk);
      const { ok, error } = await vm.run('online/rdp-port', { NewPort: '5985' });
      expect(ok).toBe(false);
      expect(error?.code).toBe('NoFreePort');
      expect(vm.disk).toEqual(before);
    });
  });

  it('moves rather than stop a service on the protected list', async () => {
    await onVm('healthy', { faults: [letWinmgmtListen] }, async (vm) => {
      const { findings, actions } = await vm.run('online/rdp-port');
      expect(faultsOf(findings)).toEqual(['PortTakenByProtectedService']);
      expect(actions.map(({ what }) => what)).not.toContain('stop service');
      expect(vm.machine().services.get('Winmgmt')?.state).toBe('Running');
      expect(ownersOf(vm, 3390)).toEqual(['TermService']);
    });
  });

  it('moves past a whole block that Windows keeps for itself', async () => {
    const reserve = (disk: GuestDisk): void => {
      setInSystem(disk, 'Services\\Tcpip\\Parameters', 'ReservedPorts', {
        type: 'REG_MULTI_SZ',
        value: ['3300-3399'],
      });
    };
    await onVm('healthy', { faults: [reserve] }, async (vm) => {
      const { findings, facts } = await vm.run('online/rdp-port');
      expect(faultsOf(findings)).toEqual(['PortExcluded']);
      expect(facts).toEqual({ newPort: 33890 });
    });
  });

  it('is told to be taken by a service that comes back with the next start of Windows', async () => {
    const take = (disk: GuestDisk): void => {
      takePort(disk, { service: 'Gateway', displayName: 'Gateway', stubborn: false });
    };
    await onVm('healthy', { faults: [take] }, async (vm) => {
      const { findings } = await vm.run('online/diagnose');
      expect(findings[0]?.data).toEqual({ port: 3389, owner: 'Gateway', startsWithWindows: true });
    });
  });
});
