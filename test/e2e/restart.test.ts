import { parseFaults } from '../../lab/faults/parse.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(84, {
    fleet: [fleetVm('tls', { now })],
    lab: { behaviour: { failedRestartStops: true } },
  });
});
afterAll(() => theatre.close());

it('a VM whose restart breaks off, and which is off then, runs in the end on its own disk', async () => {
  const { lab } = theatre.stage;
  const original = theatre.osDiskOf('tls').id;
  lab.faults.add(...parseFaults('*restart/action=fail(InternalExecutionError)'));

  const record = await theatre.remediate('tls');

  expect(lab.faults.pending()).toEqual([]);
  expect(record.errors.map(({ message }) => message).join()).toContain('InternalExecutionError');
  expect(record.outcome?.kind).toBe('not-fixed');
  expect(lab.vm('tls').power).toBe('running');
  expect(theatre.osDiskOf('tls').id).toBe(original);
  expect(record.undo.filter(({ done }) => !done)).toEqual([]);
  expect(theatre.leftovers()).toEqual([]);
});
