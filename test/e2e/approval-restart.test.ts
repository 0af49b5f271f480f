import { createScaledClock } from '../../lab/clock/scaled.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { askedOf, say } from './support/approval.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
/** A virtual clock would jump over the time a person takes to answer. */
const clock = createScaledClock({ epoch: now, startedAtRealMs: now, rate: 120 });

let theatre: Theatre;
beforeAll(async () => {
  const patient = (name: string) => {
    const vm = fleetVm('tls', { now });
    return { ...vm, spec: { ...vm.spec, name } };
  };
  theatre = await openTheatre(73, {
    clock,
    fleet: [patient('yes'), patient('no')],
    policy: { sources: { caller: { approval: ['restart'] } } },
  });
});
afterAll(() => theatre.close());

const restarts = (name: string): number =>
  theatre.stage.lab
    .requests()
    .filter(({ path }) => path.toLowerCase().endsWith(`/virtualmachines/${name}/restart`)).length;

async function answered(name: string, approved: boolean) {
  const ended = theatre.remediate(name, { mode: 'online' });
  await askedOf(theatre, name);
  expect(restarts(name)).toBe(0);
  expect(await say(theatre, name, 'approval', { approved })).toBe(202);
  return ended;
}

describe('where a restart takes an approval', () => {
  it('the VM is restarted once a person has said yes', async () => {
    const record = await answered('yes', true);
    expect(record.outcome?.kind).toBe('repaired-online');
    expect(restarts('yes')).toBe(1);
    expect(record.steps.filter(({ id }) => id === 'approval')).toHaveLength(1);
    expect(record.question).toBeUndefined();
  });

  it('a no leaves it running, and the record says what that costs', async () => {
    const record = await answered('no', false);
    expect(restarts('no')).toBe(0);
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.warnings.join('\n')).toContain('was not restarted');
    expect(theatre.leftovers()).toEqual([]);
  });
});
