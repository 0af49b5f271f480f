import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { startLab, type Lab } from '../../../lab/arm/start-lab.ts';
import { fillFleetAndRefused, makeFleet } from '../../../lab/fleet/index.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import type { Running } from '../../../lab/windows/machine/running.ts';
import { look, verdict } from './rdp-client.ts';
import { NOW } from './support.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({
    clock: createVirtualClock(NOW),
    guests: createGuestFactory({ engine: 'model' }),
    fleet: fillFleetAndRefused,
  });
});
afterAll(() => lab.close());

function runningOf(name: string): Running {
  const guest = lab.guest(name);
  const running = guest && insideOf(guest).running();
  if (!running) throw new Error(`${name} does not run`);
  return running;
}

const wire = async (name: string): Promise<string> =>
  verdict(await look(runningOf(name).surroundings.address), NOW);

describe('the fleet in the simulated Azure', () => {
  it('runs from the first moment on, but for the VM that is deallocated', () => {
    const windows = makeFleet({ now: NOW }).filter(({ spec }) => spec.osType !== 'Linux');
    for (const { spec } of windows) {
      if (spec.power === 'deallocated') expect(lab.guest(spec.name)).toBeUndefined();
      else expect(lab.guest(spec.name)?.state).toBe('running');
    }
  });

  it.each([
    ['healthy', 'healthy'],
    ['peer', 'healthy'],
    ['open-to-internet', 'tls-cut'],
    ['rdp-port', 'not-x224'],
    ['rdp-firewall', 'silent'],
    ['rdp-certificate', 'expired'],
    ['rdp-security-layer', 'failure 2'],
    ['tls-agent-not-ready', 'tls-cut'],
    ['locked', 'tls-cut'],
  ])('%s answers: %s', async (name, answer) => {
    expect(await wire(name)).toBe(answer);
  });

  it('lets a VM find its peer by address on the same network', async () => {
    const target = runningOf('rdp-certificate-peer').surroundings.address;
    const peer = lab.guest('peer');
    const machine = peer && insideOf(peer).machine();
    const store = await machine?.certificates.openRemote(target, 'Remote Desktop');
    expect(store?.list()).toHaveLength(1);
  });

  it('has every image that the fleet was made from', () => {
    for (const { spec } of makeFleet({ now: NOW })) {
      if (spec.osType !== 'Linux') expect(lab.catalogue.findImage(spec.image)?.sku).toBe(spec.image.sku);
    }
  });
});
