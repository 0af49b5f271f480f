import { fleetVm } from '../../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';

const NAME = 'tls-agent-not-ready';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(62, {
    fleet: [fleetVm(NAME, { now: Date.now() })],
    lab: { behaviour: { reservedAfterSeconds: 10 * 24 * 3600 } },
  });
});
afterAll(() => theatre.close());

it('a VM whose disk never says that it is down comes up again, on its own disk', async () => {
  const { lab } = theatre.stage;
  const originalDiskId = theatre.osDiskOf(NAME).id;
  const { outcome, undo, endedAt = '', startedAt } = await theatre.remediate(NAME);
  expect(outcome).toMatchObject({ kind: 'failed' });
  expect(outcome?.summary).toContain('not Reserved');
  expect(undo.map(({ done }) => done)).toEqual([true]);
  expect(lab.vm(NAME).power).toBe('running');
  expect(theatre.osDiskOf(NAME).id).toBe(originalDiskId);
  expect(Date.parse(endedAt) - Date.parse(startedAt)).toBeLessThan(3_600_000);
});
