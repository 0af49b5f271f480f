import { parseActors } from '../../../lab/actors/parse.ts';
import { sleep } from '../../../lab/clock/sleep.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';

const NAME = 'tls-agent-not-ready';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(291, { fleet: [fleetVm(NAME, { now: Date.now() })] });
});
afterAll(() => theatre.close());

it('a VM that was started and stopped again before we had looked at it twice is left off, although the Activity Log tells late who stopped it', async () => {
  const { lab } = theatre.stage;
  lab.actors.add(
    ...parseActors(`owner: once *deallocate/action@${NAME} +50s -> start, deallocate on ${NAME}`),
  );
  const repair = theatre.remediate(NAME);
  while (!lab.requests().some(({ path }) => path.endsWith('/deallocate'))) await sleep(lab.clock, 5000);
  lab.faults.add(...parseFaults(`2 Microsoft.Compute/disks/read@${NAME}=429/200`));
  const record = await repair;
  expect(lab.faults.pending()).toEqual([]);
  expect(record.outcome?.kind).toBe('failed');
  expect(record.errors.map(({ message }) => message).join()).toContain('started and stopped again');
  expect(lab.vm(NAME).power).toBe('deallocated');
  expect(theatre.leftovers()).toEqual([]);
});
