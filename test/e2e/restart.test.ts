import { parseFaults } from '../../lab/faults/parse.ts';
import { parseActors } from '../../lab/actors/parse.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();

const patient = (name: string) => {
  const vm = fleetVm('tls', { now });
  return { ...vm, spec: { ...vm.spec, name } };
};

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(84, {
    fleet: [patient('tls'), patient('lost'), patient('meddled')],
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

/** Restarts of a VM that came about. */
const restarts = (name: string): number =>
  theatre.stage.lab.activity().filter(({ action, resource, httpStatus }) => {
    const isRestart = action === 'Microsoft.Compute/virtualMachines/restart/action';
    return isRestart && resource.endsWith(`/${name}`) && httpStatus === 202;
  }).length;

it('a VM is restarted once where Azure took the restart on and the answer was lost', async () => {
  theatre.stage.lab.faults.add(...parseFaults('*restart/action@lost=lose-answer'));

  const record = await theatre.remediate('lost');

  expect(theatre.stage.lab.faults.pending()).toEqual([]);
  expect(record.outcome?.kind).toBe('repaired-online');
  expect(restarts('lost')).toBe(1);
});

it('a VM is restarted where the restart got lost, and somebody did something else to it at that moment', async () => {
  const { lab } = theatre.stage;
  lab.faults.add(...parseFaults('*restart/action@meddled=reset'));
  lab.actors.add(...parseActors('backup: *restart/action@meddled ~> extension Backup'));

  const record = await theatre.remediate('meddled');

  expect(lab.faults.pending()).toEqual([]);
  expect(lab.actors.pending()).toEqual([]);
  expect(lab.vm('meddled').extensions.map(({ name }) => name)).toContain('Backup');
  expect(record.outcome?.kind).toBe('repaired-online');
  expect(restarts('meddled')).toBe(1);
});
