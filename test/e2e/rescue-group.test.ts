import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
import { createVirtualClock } from '../../lab/clock/virtual.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { atMoment, MOMENTS } from './support/moments.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const RESCUE_GROUP = `/subscriptions/${LAB_SUBSCRIPTION}/resourceGroups/rg-rescue`;

const now = Date.now();
const clock = createVirtualClock(now);

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(201, {
    clock,
    fleet: ['repaired', 'lost', 'locked'].map((name) => {
      const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
      return { ...rest, spec: { ...spec, name } };
    }),
    lab: { assignedScopes: [LAB_GROUP_ID, RESCUE_GROUP] },
    policy: { rescue: { resourceGroup: 'rg-rescue' }, sources: { caller: { perHour: 100 } } },
  });
  theatre.stage.lab.addResourceGroup('rg-rescue');
});
afterAll(() => theatre.close());

/** Names of what stands in the group of the rescue VMs. */
const inRescueGroup = (): string[] =>
  theatre.stage.lab
    .resources()
    .filter(({ id }) => id.toLowerCase().startsWith(`${RESCUE_GROUP.toLowerCase()}/`))
    .map(({ id }) => id.replace(/^.*(rdp-medic-[^-]*-|\/)/, ''))
    .sort();

describe('A policy that names a resource group for rescue VMs', () => {
  it('has them made there, and nothing else; in the end nothing of it is left', async () => {
    const repaired = theatre.remediate('repaired');
    let stood: string[] = [];
    await atMoment(theatre, 'repaired', MOMENTS['while the repair is rehearsed'], () => {
      stood = inRescueGroup();
      return Promise.resolve();
    });
    const record = await repaired;
    expect(stood).toEqual(['rescue-nic', 'rescue-os-disk', 'rescue-vm']);
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(inRescueGroup()).toEqual([]);
    expectNothingLeft(theatre, record);
  });

  it('has the janitor look there too, though no VM of the group was ever repaired', async () => {
    const { stage } = theatre;
    const instance = instanceIdOf(stage.lab.vm('lost').id.toLowerCase());
    await stage.call('POST', '/api/remediations', { vmId: stage.lab.vm('lost').id });
    await atMoment(theatre, 'lost', MOMENTS['while the repair is rehearsed'], () =>
      stage.call('POST', `/runtime/webhooks/durabletask/instances/${instance}/terminate?reason=gone`),
    );
    await clock.idle();
    expect(inRescueGroup()).toEqual(['rescue-nic', 'rescue-os-disk', 'rescue-vm']);

    await stage.call('POST', '/admin/functions/janitor', {});
    await stage.host.idle();
    await stage.host.finished('janitor');

    expect(inRescueGroup()).toEqual([]);
    // The safety copy stays until it expires.
    expect(theatre.leftovers()).toEqual([expect.stringMatching(/-snapshot$/)]);
  });

  it('keeps the VM from being taken down where a lock stands on that group', async () => {
    theatre.stage.lab.addLock(RESCUE_GROUP, 'closed', 'ReadOnly');
    const record = await theatre.remediate('locked');
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.plan?.lines.join(' ')).toContain(`There is a ReadOnly lock on ${RESCUE_GROUP}`);
    expect(record.outages ?? []).toEqual([]);
    expect(inRescueGroup()).toEqual(['closed']);
  });
});
