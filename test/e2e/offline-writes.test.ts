import { fleetVm } from '../../lab/fleet/index.ts';
import { counterOn, giveWriter } from '../../lab/windows/writer.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { atMoment, MOMENTS } from './support/moments.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

let theatre: Theatre;
beforeAll(async () => {
  const vm = fleetVm('tls-agent-not-ready', { now: Date.now() });
  giveWriter(vm.spec.osDisk);
  theatre = await openTheatre(85, { fleet: [vm] });
});
afterAll(() => theatre.close());

it('a VM has a copy of its disk as it stood when it was down: nothing of what it wrote until it went down is lost', async () => {
  const { lab } = theatre.stage;
  const name = 'tls-agent-not-ready';
  const original = theatre.osDiskOf(name);
  let written: { original: number | undefined; copy: number | undefined } | undefined;

  const ended = theatre.remediate(name);
  await atMoment(theatre, name, MOMENTS['while the copy is repaired'], () => {
    const copy = lab.resources().find(({ tags }) => tags?.['rdp-medic-role'] === 'repair-disk');
    written = { original: counterOn(original.content), copy: counterOn(lab.disk(copy?.id ?? '').content) };
    return Promise.resolve();
  });
  const record = await ended;

  expect(record.outcome?.kind).toBe('repaired-offline');
  expect(written?.original).toBeGreaterThan(0);
  expect(written?.copy).toBe(written?.original);
  expect(counterOn(theatre.osDiskOf(name).content)).toBeGreaterThan(written?.original ?? 0);
  expectNothingLeft(theatre, record);
});
