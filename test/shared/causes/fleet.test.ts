import { makeAdviceVms, makeCauseVms, makeFleet, type FleetVm } from '../../../lab/fleet/index.ts';
import { comparableDisk } from '../../../lab/windows/comparable.ts';
import { causeOf } from '../../../shared/causes/catalogue.ts';
import { look, verdict } from '../../lab/windows/rdp-client.ts';
import { diskOf, NOW, type Bench } from '../../lab/windows/support.ts';
import { createBench, faultsIn, notGood, onRescue, patientOf, treat } from './medic.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const inWindows = ({ cause, expected }: FleetVm) => cause !== undefined && expected.step !== 'rdp-security';
const nameOf = ({ spec: { name }, cause = '' }: FleetVm) => ({ name, cause });
const broken = [...makeFleet({ now: NOW }), ...makeCauseVms({ now: NOW })].filter(inWindows).map(nameOf);
const advised = makeAdviceVms({ now: NOW });

/** No script reaches it. */
const WITHOUT_AGENT = 'tls-agent-not-ready';
/** Guarded against this machine: a peer deletes the certificate. */
const BY_PEER = 'rdp-certificate-peer';
/** The domain puts it back. */
const BY_DOMAIN = 'tls-policy';
/** What only a running Windows shows; the lab's comes back with every long run. */
const LIVE = ['term-service-silent'];
const mendable = broken.filter(({ name }) => name !== BY_PEER && name !== BY_DOMAIN);

async function wire(address: string, port = 3389): Promise<string> {
  return verdict(await look(address, { port }), NOW);
}

describe('the fleet, by facts', () => {
  it.each(broken.filter(({ name }) => name !== WITHOUT_AGENT))(
    '$name suffers from $cause alone, and reading it changes nothing',
    async ({ name, cause }) => {
      const vm = await bench.boot(name);
      const before = structuredClone(vm.disk);
      expect(await wire(vm.address)).not.toBe('healthy');
      expect(await faultsIn(patientOf(bench, vm))).toEqual([cause]);
      expect(vm.disk).toEqual(before);
      await vm.guest.powerOff();
    },
  );

  it.each(mendable.filter(({ name }) => name !== WITHOUT_AGENT))(
    '$name is mended while it runs, and stays so',
    async ({ name }) => {
      const vm = await bench.boot(name);
      const done = await treat(patientOf(bench, vm));
      expect(notGood(done)).toEqual([]);
      const port = name === 'rdp-port-stubborn' ? 3390 : 3389;
      expect(await wire(vm.address, port)).toBe('healthy');
      expect(await faultsIn(patientOf(bench, vm))).toEqual([]);
      if (!LIVE.includes(name)) {
        await vm.restart();
        expect(await wire(vm.address, port)).toBe('healthy');
        expect(await treat(patientOf(bench, vm))).toEqual([]);
      }
      await vm.guest.powerOff();
    },
  );

  it.each(mendable.filter(({ name }) => !LIVE.includes(name)))(
    '$name is mended on its disk',
    async ({ name, cause }) => {
      const disk = diskOf(name);
      const options = { portHeldByOther: cause === 'rdp-port' };
      const patient = await onRescue(bench, disk);
      const done = await treat(patient, options);
      expect(done.length).toBeGreaterThan(0);
      expect(notGood(done)).toEqual([]);
      expect(await treat(patient, options)).toEqual([]);
      const vm = await bench.boot(name, { disk: structuredClone(disk) });
      expect(await wire(vm.address, cause === 'rdp-port' ? 3390 : 3389)).toBe('healthy');
      await vm.guest.powerOff();
    },
  );

  it('has the domain told where it puts the fault back', async () => {
    const vm = await bench.boot(BY_DOMAIN);
    await treat(patientOf(bench, vm));
    expect(await faultsIn(patientOf(bench, vm))).toContain('tls');
  });
});

describe('what only a person can mend', () => {
  it.each(advised.map((vm) => ({ ...nameOf(vm), kind: vm.expected.kind })))(
    '$name is named, and nothing is changed',
    async ({ name, cause, kind }) => {
      const vm = await bench.boot(name);
      const before = comparableDisk(vm.disk);
      expect((await wire(vm.address)) === 'healthy').toBe(kind === 'healthy');
      expect(await faultsIn(patientOf(bench, vm))).toContain(cause);
      expect(causeOf(cause).words.guidance).not.toBe('');
      expect(await treat(patientOf(bench, vm))).toEqual([]);
      expect(comparableDisk(vm.disk)).toEqual(before);
      await vm.guest.powerOff();
    },
  );
});
