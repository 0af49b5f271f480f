import { parseFaults } from '../../../lab/faults/parse.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';

const NAME = 'hours';

let theatre: Theatre;
beforeAll(async () => {
  const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now: Date.now() });
  theatre = await openTheatre(57, { fleet: [{ ...rest, spec: { ...spec, name: NAME } }] });
}, 60_000);
afterAll(() => theatre.close());

it('a VM whose start is refused for hours comes up in the end, and people are told that it is down', async () => {
  const { lab } = theatre.stage;
  const originalDiskId = theatre.osDiskOf(NAME).id;
  lab.faults.add(...parseFaults(`1+20 *start/action@${NAME}=409(SkuNotAvailable)`));
  const record = await theatre.remediate(NAME);
  expect(lab.faults.pending()).toEqual([]);
  expect(lab.vm(NAME).power).toBe('running');
  expect(theatre.osDiskOf(NAME).id).toBe(originalDiskId);
  expect(record.undo.map(({ done }) => done)).toEqual([true, true]);
  expect(record.warnings.join('\n')).toMatch(/hours was down, against our will, from .* to /);
  expect(theatre.leftovers()).toEqual([]);
}, 120_000);
