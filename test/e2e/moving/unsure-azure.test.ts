import { parseFaults } from '../../../lab/faults/parse.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { requestFor } from '../support/offline-repair.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { eachOf } from '../../support/rows.ts';

const WAYS = ['swap', 'rebuild'] as const;

/** Where nobody knows how Azure behaves, everything here is the other way than elsewhere in the tests. */
const BEHAVIOUR = {
  swap: 'deallocated',
  failedStartMovesOwnership: false,
  powerMovesEtag: true,
  reservedAfterSeconds: 90,
} as const;

let theatre: Theatre;
beforeAll(async () => {
  const fleet = WAYS.map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now: Date.now() });
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(61, { fleet, lab: { behaviour: BEHAVIOUR } });
});
afterAll(() => theatre.close());

eachOf(WAYS, 2)('a VM is repaired by %s on an Azure that behaves the other way where it may', async (way) => {
  const { lab } = theatre.stage;
  if (way === 'swap') lab.faults.add(...parseFaults('*start/action@swap=fail(AllocationFailed)'));
  const record = await theatre.remediate(way, requestFor(way));
  expect(lab.faults.pending()).toEqual([]);
  expect(record.errors).toEqual([]);
  expect(record.outcome?.kind).toBe('repaired-offline');
  expect(lab.vm(way).power).toBe('running');
});
