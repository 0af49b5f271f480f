import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { readRoleDefinition } from '../../../lab/arm/access/roles.ts';
import { sleep } from '../../../lab/clock/sleep.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { readAutoShutdown } from '../../../shared/azure/auto-shutdown.ts';
import { requireVmId } from '../../../shared/azure/inspect-vm.ts';
import { readOwnersWord } from '../../../shared/azure/owners-word.ts';
import { windowsVm } from '../../lab/arm/support/lab.ts';
import { codeOf, startAzureBench, type AzureBench } from './bench.ts';

const TAG = { name: 'rdp-medic', optOut: 'disabled' };
const HOUR = 3_600_000;

const SCHEDULES = {
  'at-seven': [
    { time: '1900', timeZoneId: 'UTC' },
    { minute: 19 * 60, timeZone: 'UTC' },
  ],
  'at-ten-past-one': [
    { time: '1310', timeZoneId: 'W. Europe Standard Time' },
    { minute: 13 * 60 + 10, timeZone: 'Europe/Berlin' },
  ],
  colon: [
    { time: '07:05', timeZoneId: 'UTC' },
    { minute: 7 * 60 + 5, timeZone: 'UTC' },
  ],
  off: [{ time: '1900', timeZoneId: 'UTC', status: 'Disabled' }, null],
  nowhere: [{ time: '1900', timeZoneId: 'Nowhere Standard Time' }, null],
  'too-short': [{ time: '190', timeZoneId: 'UTC' }, null],
  'too-long': [{ time: '11900', timeZoneId: 'UTC' }, null],
} as const;

let bench: AzureBench;
beforeAll(async () => {
  bench = await startAzureBench();
  for (const [name, [autoShutdown]] of Object.entries(SCHEDULES))
    await bench.lab.addVm(windowsVm(name, { autoShutdown }));
  await bench.lab.addVm(windowsVm('opted-out', { tags: { 'rdp-medic': 'disabled' } }));
  for (const name of ['stopped', 'switched-off', 'restarted']) await bench.lab.addVm(windowsVm(name));
});
afterAll(() => bench.close());

const hours = (count: number): string => new Date(bench.clock.now() + count * HOUR).toISOString();

async function wordOn(name: string, since: string | null, at = hours(0)): Promise<string | null> {
  return (await readOwnersWord(bench.acting.azure, bench.lab.vm(name).id, TAG, { since, at })).says;
}

it.each(Object.keys(SCHEDULES) as (keyof typeof SCHEDULES)[])('auto-shutdown of %s is read', async (name) => {
  const clients = await bench.acting.azure(LAB_SUBSCRIPTION);
  const [, read] = SCHEDULES[name];
  expect(await readAutoShutdown(clients, requireVmId(bench.lab.vm(name).id))).toEqual(read);
});

it('a schedule that is not there, is another VM’s or cannot be read is none', async () => {
  const clients = await bench.acting.azure(LAB_SUBSCRIPTION);
  expect(await readAutoShutdown(clients, requireVmId(bench.vmId))).toBeNull();
  const { id } = requireVmId(bench.lab.vm('at-seven').id);
  const other = { ...requireVmId(bench.lab.vm('at-seven').id), id: `${id}-2` };
  expect(await readAutoShutdown(clients, other)).toBeNull();
  const role = readRoleDefinition();
  const Actions = role.Actions.filter((action) => !action.startsWith('Microsoft.DevTestLab'));
  const closed = await startAzureBench(
    { autoShutdown: SCHEDULES['at-seven'][0] },
    { role: { ...role, Actions }, assignedScopes: [LAB_GROUP_ID] },
  );
  try {
    const unread = await closed.acting.azure(LAB_SUBSCRIPTION);
    expect(await readAutoShutdown(unread, requireVmId(closed.vmId))).toBeNull();
  } finally {
    await closed.close();
  }
});

it('a schedule is asked for again where Azure is away', async () => {
  bench.lab.faults.add(...parseFaults('*schedules/read=503'));
  const clients = await bench.acting.azure(LAB_SUBSCRIPTION);
  const read = readAutoShutdown(clients, requireVmId(bench.lab.vm('at-seven').id));
  expect(await codeOf(read)).toBe('AzureUnavailable');
  bench.lab.faults.clear();
});

describe('whose word it is that a VM stays stopped', () => {
  it('nobody’s, where nobody has said so', async () => {
    expect(await wordOn('web', null)).toBeNull();
    expect(await wordOn('web', hours(-1))).toBeNull();
  });

  it('its owner’s, by the tag that opts it out', async () => {
    const says = 'it was opted out with its tag rdp-medic: disabled';
    expect(await wordOn('opted-out', null)).toBe(says);
    expect(await wordOn('opted-out', hours(-1))).toBe(says);
  });

  it('its schedule’s, once its time has come', async () => {
    const day = new Date(bench.clock.now()).toISOString().slice(0, 10);
    expect(await wordOn('at-seven', `${day}T18:00:00Z`, `${day}T19:30:00Z`)).toBe(
      'its auto-shutdown is every day at 19:00 (UTC)',
    );
    expect(await wordOn('at-seven', `${day}T18:00:00Z`, `${day}T18:30:00Z`)).toBeNull();
    expect(await wordOn('off', `${day}T18:00:00Z`, `${day}T19:30:00Z`)).toBeNull();
  });

  it('of whoever stopped it or switched it off since then, and not of who restarted it', async () => {
    const { compute, lab, clock } = bench;
    const [before, { virtualMachines }] = [hours(0), compute];
    await sleep(clock, 1000);
    const group = LAB_GROUP_ID.split('/').at(-1) ?? '';
    await Promise.all([
      bench.finish(virtualMachines.deallocate(group, 'stopped')),
      bench.finish(virtualMachines.powerOff(group, 'switched-off')),
      bench.finish(virtualMachines.restart(group, 'restarted')),
    ]);
    await sleep(clock, HOUR);
    const caller = lab.identity.principal.objectId;
    expect(await wordOn('stopped', before)).toMatch(new RegExp(`^${caller} stopped it at \\d{4}-`));
    expect(await wordOn('switched-off', before)).toContain('stopped it at');
    expect(await wordOn('restarted', before)).toBeNull();
    expect(await wordOn('stopped', null)).toBeNull();
    expect(await wordOn('stopped', hours(0))).toBeNull();
  });
});
