import { createVirtualClock, type VirtualClock } from '../../lab/clock/virtual.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { eachOf } from '../support/rows.ts';
import { newestOf } from './support/approval.ts';
import { atMoment, MOMENTS } from './support/moments.ts';
import { expectNothingLeft, expectSameVm } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { typedIn } from './support/typed.ts';

const now = Date.now();
let clock: VirtualClock;
const TOO_LATE = 'while Windows boots from the repaired disk';
const rows = Object.entries(MOMENTS).map(([moment, has], index) => ({
  moment,
  has,
  name: `cancel-${index}`,
}));

let theatre: Theatre;
beforeAll(async () => {
  clock = createVirtualClock(now);
  const fleet = [...rows.map(({ name }) => name), 'left-stopped'].map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(65, { clock, fleet });
});
afterAll(() => theatre.close());

async function cancel(name: string, body: object): Promise<Response> {
  const { stage } = theatre;
  const { id } = await newestOf(theatre, name);
  return stage.call('POST', `/api/remediations/${id}/cancel`, body);
}

describe('a repair that a person calls off', () => {
  eachOf(
    rows.filter(({ moment }) => moment !== TOO_LATE),
    3,
  )('$moment, takes back what it did, and leaves the VM as it was found', async ({ has, name }) => {
    const before = structuredClone(theatre.stage.lab.vm(name));
    const original = theatre.osDiskOf(name);
    const content = structuredClone(original.content);
    const ended = theatre.remediate(name);
    await atMoment(theatre, name, has, async () => {
      expect((await cancel(name, { by: 'the day shift' })).status).toBe(202);
    });
    const record = await ended;

    expect(record.outcome?.kind).toBe('cancelled');
    expect(record.outcome?.summary).toContain('cancelled by the day shift');
    expect(record.errors.map(({ code }) => code)).toContain('Cancelled');
    expect(record.cancelled).toMatchObject({ by: 'the day shift', leaveStopped: false });
    expect(record.undo.every(({ done }) => done)).toBe(true);
    expect(theatre.osDiskOf(name)).toEqual({ id: original.id, content });
    expectSameVm(theatre, name, before);
    expectNothingLeft(theatre, record);
  });

  it('goes to its end, and says so, once Windows boots from the repaired disk', async () => {
    const name = rows.find(({ moment }) => moment === TOO_LATE)?.name ?? '';
    const original = theatre.osDiskOf(name).id;
    const ended = theatre.remediate(name);
    await atMoment(theatre, name, MOMENTS[TOO_LATE], () => cancel(name, {}));
    const record = await ended;
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(theatre.osDiskOf(name).id).not.toBe(original);
    expect(record.warnings.join('\n')).toContain('too late to stop anything');
    expect((await cancel(name, {})).status).toBe(404);
  });

  it('leaves the VM stopped, on its own disk, where that is asked for', async () => {
    const name = 'left-stopped';
    const original = theatre.osDiskOf(name).id;
    const ended = theatre.remediate(name);
    await atMoment(theatre, name, MOMENTS['while the copy is repaired'], () =>
      cancel(name, { leaveStopped: true }),
    );
    const record = await ended;
    expect(record.outcome?.kind).toBe('cancelled');
    expect(theatre.stage.lab.vm(name).power).toBe('deallocated');
    expect(theatre.osDiskOf(name).id).toBe(original);
    expect(typedIn(record)).toContain('az vm start');
    expect(record.advice.join('\n')).toContain('left stopped, as requested');
    expectNothingLeft(theatre, record);
  });
});
