import { parseActors } from '../../lab/actors/parse.ts';
import { sleep } from '../../lab/clock/sleep.ts';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { corruptTermService } from '../../lab/fleet/faults/beyond-repair.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { atMoment } from './support/moments.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { describeInRows } from '../support/rows.ts';

const NAME = 'tls-agent-not-ready';
const DAY = 24 * 3600 * 1000;
/** The door asks by the real time how long ago the last attempt was. */
const now = Date.now() - 10 * DAY;
const clock = createVirtualClock(now);

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(102, { clock, fleet: [fleetVm(NAME, { now })] });
});
afterAll(() => theatre.close());

async function sweep(): Promise<void> {
  const { stage } = theatre;
  expect((await stage.call('POST', '/admin/functions/janitor', {})).status).toBe(202);
  await stage.host.idle();
  await stage.host.finished('janitor');
}

/** The owner puts another disk under the VM by hand. */
async function swapByHand(diskId: string): Promise<void> {
  const { lab } = theatre.stage;
  const disk = diskId.split('/').at(-1) ?? '';
  lab.actors.add(...parseActors(`owner: now -> deallocate, swap ${disk}, start on ${NAME}`));
  await sleep(clock, 600_000);
  await lab.actors.idle();
  expect(lab.actors.history().flatMap(({ error }) => error ?? [])).toEqual([]);
}

describeInRows('An owner who went back', () => {
  it('an original disk that its owner went back to is no copy that expires, whoever repairs or sweeps later', async () => {
    const { lab } = theatre.stage;
    const original = theatre.osDiskOf(NAME).id;
    const first = await theatre.remediate(NAME);
    expect(first.originalDisk?.id).toBe(original);
    await swapByHand(original);
    expect(theatre.osDiskOf(NAME).id.toLowerCase()).toBe(original.toLowerCase());
    await sleep(clock, 8 * DAY);

    // Broken as it was, and now beyond repair: the second copy does not come up, and the original is the way back.
    corruptTermService(lab.disk(original).content);
    const second = theatre.remediate(NAME);
    await atMoment(
      theatre,
      NAME,
      () => theatre.osDiskOf(NAME).id.includes('repair-disk'),
      async () => {
        expect((await theatre.stage.call('POST', '/admin/functions/janitor', {})).status).toBe(202);
      },
    );
    const record = await second;

    expect(record.steps.map(({ id }) => id)).toContain('restore');
    expect(record.undo.every(({ done }) => done)).toBe(true);
    expect(theatre.osDiskOf(NAME).id.toLowerCase()).toBe(original.toLowerCase());
    expect(lab.vm(NAME).power).toBe('running');

    await sweep();
    expect(lab.vm(NAME).power).toBe('running');
    expect(lab.disk(original).tags?.['rdp-medic-role']).toBeUndefined();
  });
});
