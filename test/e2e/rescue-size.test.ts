import { LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
import { sleep } from '../../lab/clock/sleep.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { inRows } from '../support/rows.ts';
import { newestOf } from './support/approval.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
const FAMILY = 'standardDSv5Family';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(130, {
    fleet: ['no-host', 'full', 'not-offered', 'no-quota', 'fails', 'nowhere', 'waits', 'gives-up'].map(
      (name) => {
        const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
        return { ...rest, spec: { ...spec, name, zone: '2', size: 'Standard_D4s_v5' } };
      },
    ),
    lab: { assignedScopes: [`/subscriptions/${LAB_SUBSCRIPTION}`] },
  });
});
afterAll(() => theatre.close());
afterEach(() => {
  const { catalogue, faults } = theatre.stage.lab;
  catalogue.exhausted.length = 0;
  catalogue.restrictions.length = 0;
  catalogue.quota.set(FAMILY, 100);
  faults.clear();
});

/** How many VMs were asked for as rescue VMs since the last question. */
let counted = 0;
function asked(): number {
  const all = theatre.stage.lab
    .requests()
    .filter(({ method, path }) => method === 'PUT' && /virtualMachines\/[^/]*-rescue-vm$/.test(path));
  const count = all.length - counted;
  counted = all.length;
  return count;
}

/** Leaves no core of the region's quota. Gives back what frees it. */
function useUpQuota(): () => void {
  const { quota } = theatre.stage.lab.catalogue;
  const before = quota.get('cores') ?? 0;
  quota.set('cores', 0);
  return () => {
    quota.set('cores', before);
  };
}

async function repaired(name: string, tries: number): Promise<string> {
  const record = await theatre.remediate(name);
  expect(record.outcome?.kind).toBe('repaired-offline');
  expect(asked()).toBe(tries);
  expectNothingLeft(theatre, record);
  return record.warnings.join(' ');
}

describe('the rescue VM', () => {
  it('is of the next size where no host of the first is free, and the report says so', async () => {
    theatre.stage.lab.catalogue.exhausted.push({ size: 'Standard_D2s_v5', zone: '2' });
    const warnings = await repaired('full', 2);
    expect(warnings).toContain('The rescue VM has the size');
    expect(warnings).toContain('ZonalAllocationFailed');
  });

  it('is not even tried in a size that the subscription may not have in the zone', async () => {
    theatre.stage.lab.catalogue.restrictions.push({
      size: 'Standard_D2s_v5',
      zone: '2',
      reasonCode: 'NotAvailableForSubscription',
    });
    await repaired('not-offered', 1);
  });

  inRows('is not even tried in a size of which the quota is used up', async () => {
    theatre.stage.lab.catalogue.quota.set(FAMILY, 20);
    await repaired('no-quota', 1);
  });

  inRows('is of the next size after a quota that was used up in between', async () => {
    theatre.stage.lab.faults.add(...parseFaults('PUT:*virtualMachines/write@rescue-vm=409(QuotaExceeded)'));
    await repaired('fails', 2);
  });

  it('is waited for while the quota of the region is used up, and the VM runs meanwhile', async () => {
    const { lab } = theatre.stage;
    const giveBack = useUpQuota();
    const ended = theatre.remediate('waits');
    await sleep(lab.clock, 600_000);
    expect(lab.vm('waits').power).toBe('running');
    giveBack();
    const record = await ended;
    expect(record.outcome?.kind).toBe('repaired-offline');
    expectNothingLeft(theatre, record);
    asked();
  });

  it('is waited for until somebody cancels', async () => {
    const { lab } = theatre.stage;
    const giveBack = useUpQuota();
    const ended = theatre.remediate('gives-up');
    await sleep(lab.clock, 300_000);
    const { id } = await newestOf(theatre, 'gives-up');
    await theatre.stage.callAsApprover('POST', `/api/remediations/${id}/cancel`, {});
    const cancelledAt = lab.clock.now();
    const record = await ended;
    giveBack();
    expect(record.outcome?.kind).toBe('cancelled');
    expect(lab.clock.now() - cancelledAt).toBeLessThan(300_000);
    expectNothingLeft(theatre, record);
    asked();
  });

  it('is nowhere to be had: the VM stays up, and nothing is left', async () => {
    const { lab } = theatre.stage;
    for (const { name } of lab.catalogue.sizes) lab.catalogue.exhausted.push({ size: name });
    const record = await theatre.remediate('nowhere');
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.errors.map(({ message }) => message).join()).toContain('AllocationFailed');
    expect(asked()).toBeGreaterThan(2);
    expect(lab.vm('nowhere').power).toBe('running');
    expectNothingLeft(theatre, record);
  });
});

it('a VM that finds no host is told of with sizes that are to be had, keeps its own, and comes up', async () => {
  const { lab } = theatre.stage;
  const seen: string[] = [];
  lab.faults.add(...parseFaults('1+6 *start/action@no-host=fail(ZonalAllocationFailed)'));
  const ended = theatre.remediate('no-host');
  while (!seen.some((text) => text.includes('DOWN')) && lab.faults.pending().length > 0) {
    seen.push(JSON.stringify(await newestRecord('no-host')));
    await sleep(lab.clock, 30_000);
  }
  const record = await ended;
  expect(seen.at(-1)).toContain('Sizes with the same features as Standard_D4s_v5 that are available now: ');
  expect(record.warnings.join(' ')).toContain('was down unintentionally');
  expect(lab.vm('no-host')).toMatchObject({ power: 'running' });
  expect(lab.vm('no-host').properties.hardwareProfile?.vmSize).toBe('Standard_D4s_v5');
  expectNothingLeft(theatre, record);
});

async function newestRecord(name: string): Promise<unknown> {
  const { id } = await newestOf(theatre, name);
  return id === '' ? {} : (await theatre.stage.call('GET', `/api/remediations/${id}`)).json();
}
