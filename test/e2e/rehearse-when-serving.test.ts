import { closeFirewall } from '../../lab/fleet/faults/settings.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { describeInRows } from '../support/rows.ts';

const now = Date.now();

let theatre: Theatre;
beforeAll(async () => {
  const fleet = ['serving', 'silent'].map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    if (name === 'silent') closeFirewall(spec.osDisk);
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(70, {
    fleet,
    policy: {
      rehearse: 'when-serving',
      limits: { coolDownMinutes: 0, attemptsPerDay: 100 },
    },
  });
});
afterAll(() => theatre.close());

/** How many disks were ever made from the OS disk in this role. */
function everMade(role: string): number {
  return theatre.stage.lab.requests().filter(({ method, path }) => method === 'PUT' && path.endsWith(role))
    .length;
}

describeInRows('where the policy asks for a rehearsal only while Windows serves', () => {
  it('a VM that answers on the wire is rehearsed with', async () => {
    const record = await theatre.remediate('serving');
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(everMade('rehearsal-disk')).toBe(1);
    expectNothingLeft(theatre, record);
  });

  it('a VM without a sign of life goes down at once, and is repaired all the same', async () => {
    const before = everMade('rehearsal-disk');
    const record = await theatre.remediate('silent');
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(record.steps.find(({ id }) => id === 'rehearsal')?.detail).toContain('no sign of life');
    expect(everMade('rehearsal-disk')).toBe(before);
    expect(await theatre.rdpOf('silent')).toMatchObject({ state: 'healthy' });
    expectNothingLeft(theatre, record);
  });
});
