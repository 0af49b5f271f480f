import {
  fallSilent,
  foreignService,
  hangsOnStop,
  listensLate,
  listensOnLoopback,
  removeService,
  shareProcess,
  startsSlowly,
} from '../../../lab/fleet/faults/services.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import { ScriptStuck } from '../../../lab/windows/machine/errors.ts';
import { look, verdict } from './rdp-client.ts';
import { createBench, NOW, type Bench, type BenchVm } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const gateway = foreignService({ name: 'Gateway', port: 8443 });

describe('a service that does not stop', () => {
  it('is StopPending for good, keeps its port, and takes no further control', async () => {
    const { services, network, sleep } = (await bench.bootFaulty(gateway, hangsOnStop('Gateway'))).machine();
    await services.stop('Gateway', { wait: false });
    await sleep(600);
    expect(services.get('Gateway')).toMatchObject({ state: 'StopPending', canStop: false });
    expect(network.isPortFree(8443)).toBe(false);
    await expect(services.start('Gateway')).rejects.toMatchObject({ code: 1056 });
  });

  it('lets whoever waits for it wait without end', async () => {
    const { services, files } = (await bench.bootFaulty(gateway, hangsOnStop('Gateway'))).machine();
    await expect(services.restart('Gateway')).rejects.toThrow(ScriptStuck);
    // Nothing of that script gets through any more.
    expect(() => {
      files.writeText('C:\\Windows\\Temp\\later.txt', '');
    }).toThrow(ScriptStuck);
  });

  it('ends with its process', async () => {
    const { services, processes, network } = (
      await bench.bootFaulty(gateway, hangsOnStop('Gateway'))
    ).machine();
    await services.stop('Gateway', { wait: false });
    await processes.stop(services.get('Gateway')?.pid ?? 0);
    expect(services.get('Gateway')).toMatchObject({ state: 'Stopped', pid: 0, startedAt: undefined });
    expect(network.isPortFree(8443)).toBe(true);
  });
});

describe('a service that takes its time', () => {
  it('is StartPending until enough seconds of the script have passed', async () => {
    const { services, sleep, now } = (await bench.bootFaulty(gateway, startsSlowly('Gateway', 12))).machine();
    const begun = now();
    await services.stop('Gateway');
    await services.start('Gateway', { wait: false });
    await sleep(11);
    expect(services.get('Gateway')?.state).toBe('StartPending');
    await sleep(1);
    expect(services.get('Gateway')).toMatchObject({ state: 'Running', startedAt: begun });
    expect(now() - begun).toBe(12_000);
  });

  it('is waited for by whoever starts it, and the time goes on', async () => {
    const { services, now } = (await bench.bootFaulty(gateway, startsSlowly('Gateway', 12))).machine();
    const begun = now();
    await services.restart('Gateway');
    expect(services.get('Gateway')?.state).toBe('Running');
    expect(now() - begun).toBe(12_000);
  });

  it('keeps those that need it waiting too', async () => {
    const { services, now } = (await bench.bootFaulty(startsSlowly('TermService', 20))).machine();
    const begun = now();
    await services.restart('TermService', { force: true });
    expect(services.get('UmRdpService')?.state).toBe('Running');
    expect(now() - begun).toBe(20_000);
  });

  it('comes up on the clock when no script waits for it', async () => {
    const vm = await bench.bootFaulty(startsSlowly('TermService', 30));
    const { services } = vm.machine();
    await services.stop('TermService', { force: true });
    await services.start('TermService', { wait: false });
    expect(await look(vm.address)).toEqual({ end: 'refused' });
    await bench.clock.idle();
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
  });
});

describe('TermService', () => {
  it('may be Running some seconds before it listens', async () => {
    const vm = await bench.bootFaulty(listensLate(8));
    const { services, network, sleep } = vm.machine();
    const listens = (): boolean => network.listeners().some(({ port }) => port === 3389);
    expect(listens()).toBe(true);
    await services.restart('TermService', { force: true });
    expect(services.get('TermService')?.state).toBe('Running');
    await sleep(5);
    expect(listens()).toBe(false);
    await sleep(3);
    expect(listens()).toBe(true);
  });

  it('may run and hear nothing, until it starts anew', async () => {
    const vm = await bench.bootFaulty(fallSilent);
    const { services } = vm.machine();
    expect(services.get('TermService')?.state).toBe('Running');
    expect(await look(vm.address)).toEqual({ end: 'refused' });
    await services.restart('TermService', { force: true });
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
  });

  it('is no service at all without its key', async () => {
    const { services } = (await bench.bootFaulty(removeService('TermService'))).machine();
    expect(services.get('TermService')).toBeUndefined();
    await expect(services.start('UmRdpService')).rejects.toMatchObject({ code: 1068 });
  });
});

describe('a process', () => {
  it('may hold several services, which end with it', async () => {
    const vm = await bench.bootFaulty(
      gateway,
      foreignService({ name: 'Backup' }),
      shareProcess('contoso', 'Gateway', 'Backup'),
    );
    const { services, processes } = vm.machine();
    const pid = services.get('Gateway')?.pid ?? 0;
    expect(services.get('Backup')?.pid).toBe(pid);
    expect(processes.get(pid)).toMatchObject({ name: 'Gateway.exe', services: ['Gateway', 'Backup'] });
    await services.stop('Gateway');
    expect(processes.get(pid)).toMatchObject({ services: ['Backup'] });
    await processes.stop(pid);
    expect(services.get('Backup')?.state).toBe('Stopped');
    expect(processes.get(pid)).toBeUndefined();
  });

  it.each([
    ['System', () => 4, 5],
    ['that of LSASS', ({ services }: ReturnType<BenchVm['machine']>) => services.get('SamSs')?.pid ?? 0, 5],
    [
      'a protected one',
      ({ services }: ReturnType<BenchVm['machine']>) => services.get('WinDefend')?.pid ?? 0,
      5,
    ],
    ['that of nobody', () => 99_996, 87],
  ])('is not ended when it is %s', async (_whose, pidOf, code) => {
    const machine = (await bench.bootFaulty()).machine();
    await expect(machine.processes.stop(pidOf(machine))).rejects.toMatchObject({ code });
  });
});

describe('a port of 127.0.0.1', () => {
  it('takes nothing from RDP but what comes from the machine itself', async () => {
    const tunnel = foreignService({ name: 'Tunnel', port: 3389 });
    const vm = await bench.bootFaulty(tunnel, listensOnLoopback('Tunnel'));
    const { network, services } = vm.machine();
    expect(network.listeners().filter(({ port }) => port === 3389)).toEqual([
      { address: '0.0.0.0', port: 3389, pid: services.get('TermService')?.pid },
      { address: '127.0.0.1', port: 3389, pid: services.get('Tunnel')?.pid },
    ]);
    expect(verdict(await look(vm.address), NOW)).toBe('healthy');
    expect(await network.handshake(3389)).toMatchObject({ ok: false, stage: 'negotiate' });
  });
});

describe('the time of a script', () => {
  it('is up after ninety minutes', async () => {
    const { sleep } = (await bench.bootFaulty()).machine();
    await sleep(5_400);
    await expect(sleep(1)).rejects.toThrow(ScriptStuck);
  });

  it('ends with it: the clock has not moved', async () => {
    const vm = await bench.bootFaulty();
    await vm.machine().sleep(40);
    expect(vm.machine().now()).toBe(NOW + 40_000 + (bench.clock.now() - NOW));
    await vm.guest.runScript({ text: '', parameters: {} });
    expect(insideOf(vm.guest).machine()?.now()).toBe(bench.clock.now());
  });
});
