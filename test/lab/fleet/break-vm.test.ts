import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { startLab, type Lab } from '../../../lab/arm/start-lab.ts';
import { BREAK_NAMES } from '../../../lab/fleet/break-names.ts';
import { breakVm } from '../../../lab/fleet/break-vm.ts';
import { fleetVm, makeImages } from '../../../lab/fleet/index.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import { askRdp } from '../../../local/demo/fleet-view.ts';

let lab: Lab;
beforeAll(async () => {
  const clock = createVirtualClock(Date.now());
  lab = await startLab({ clock, guests: createGuestFactory({ engine: 'model' }) });
  lab.addImage(...makeImages());
});
afterAll(() => lab.close());

async function freshVm(name: string): Promise<void> {
  const { spec } = fleetVm('healthy', { now: lab.clock.now() });
  await lab.addVm({ ...spec, name });
}

describe('A VM that is well', () => {
  it.each(BREAK_NAMES.filter((name) => name !== 'agent'))('can be broken by %s', async (by) => {
    await freshVm(by);
    expect(await askRdp(lab, by)).toMatchObject({ state: 'healthy' });
    await breakVm(lab, by, by);
    expect((await askRdp(lab, by)).state).not.toBe('healthy');
  });

  it('is left alone by what is no name', async () => {
    await freshVm('unharmed');
    await expect(breakVm(lab, 'unharmed', 'bad-weather')).rejects.toThrow(/Expected one of .*tls/);
    expect(await askRdp(lab, 'unharmed')).toMatchObject({ state: 'healthy' });
  });
});
