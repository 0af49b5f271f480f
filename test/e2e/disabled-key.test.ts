import { LAB_GROUP_ID } from '../../lab/arm/start-lab.ts';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { sleep } from '../../lab/clock/sleep.ts';
import { newestOf, say } from './support/approval.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { describeInRows } from '../support/rows.ts';

const now = Date.now();
const clock = createVirtualClock(now);
const KEY = `${LAB_GROUP_ID}/providers/Microsoft.Compute/diskEncryptionSets/own-key`;

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(129, {
    clock,
    fleet: ['before', 'meanwhile', 'never'].map((name) => {
      const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
      const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: KEY };
      return { ...rest, spec: { ...spec, name, osDiskSettings: { encryption } } };
    }),
    policy: {
      approval: { modes: ['full'] },
      limits: { coolDownMinutes: 0, attemptsPerDay: 100, concurrentPerSubscription: 100 },
    },
  });
});
afterAll(() => theatre.close());
afterEach(() => {
  theatre.stage.lab.governance.disabledKeys.clear();
});

const disable = (): void => {
  theatre.stage.lab.governance.disabledKeys.add(KEY.toLowerCase());
};
const downs = (name: string): number =>
  theatre.stage.lab
    .activity()
    .filter(({ action, resource }) => /deallocate/i.test(action) && resource.endsWith(`/${name}`)).length;

/** Lets time pass until a person is asked. */
async function waitedFor(name: string): Promise<void> {
  while ((await newestOf(theatre, name)).phase !== 'approval') await sleep(clock, 10_000);
}

/** Waits until a person is asked, does something, and approves. */
async function approvedAfter(name: string, deed: () => void) {
  const ended = theatre.remediate(name);
  await waitedFor(name);
  deed();
  expect(await say(theatre, name, 'approval', { approved: true })).toBe(202);
  return ended;
}

describeInRows('a VM whose disks a customer’s key encrypts', () => {
  it('is repaired while the key works', async () => {
    const record = await approvedAfter('never', () => undefined);
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(record.plan?.lines.join(' ')).toContain('key of its disk encryption set');
    expectNothingLeft(theatre, record);
  });

  it('is not taken down once the key is disabled, although it was rehearsed before', async () => {
    const record = await approvedAfter('meanwhile', disable);
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.errors.map(({ code }) => code)).toEqual(['KeyUnavailable']);
    expect(downs('meanwhile')).toBe(0);
    expect(theatre.stage.lab.vm('meanwhile').power).toBe('running');
    expectNothingLeft(theatre, record);
  });

  it('is not touched while the key is disabled: no snapshot can be taken', async () => {
    disable();
    const record = await theatre.remediate('before');
    expect(record.outcome?.kind).toBe('failed');
    expect(record.errors.map(({ message }) => message).join()).toContain('KeyVaultKeyDisabled');
    expect(downs('before')).toBe(0);
    expect(record.cleanup.leftovers).toEqual([]);
  });
});
