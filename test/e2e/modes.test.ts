import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
import type { VmSpec } from '../../lab/arm/vm-spec.ts';
import { fleetVm, makeRefusedVms, type FleetVm } from '../../lab/fleet/index.ts';
import { madeName, madeTags } from '../../shared/azure/made-resource.ts';
import { readConfig } from '../../shared/config.ts';
import { instanceIdOf, newRemediationId } from '../../shared/model/remediation-id.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
const REFUSED = makeRefusedVms({ now });
/** Everything in it is locked as well. */
const LOCKED_GROUP = 'rg-locked';

interface Blocked {
  name: string;
  code: string;
  azure: Partial<VmSpec>;
}
const BLOCKED: readonly Blocked[] = [
  { name: 'encrypted', code: 'AdeEncrypted', azure: { azureDiskEncryption: true } },
  {
    name: 'delete-locked',
    code: 'DeleteLock',
    azure: {
      resourceGroup: LOCKED_GROUP,
      locks: [
        { name: 'own', level: 'CanNotDelete' },
        { name: 'of-group', level: 'CanNotDelete', on: 'resourceGroup' },
      ],
    },
  },
];

/** Nothing can be repaired online on these, so that the repair would go offline. */
function silent(name: string, azure: Partial<VmSpec> = {}): FleetVm {
  const vm = fleetVm('tls-agent-not-ready', { now });
  return { ...vm, spec: { ...vm.spec, ...azure, name } };
}

/** Scripts that only look, and the question what Azure Policy would say, which is a POST. */
const READS_ALL_THE_SAME = /\/(runCommands\/|checkPolicyRestrictions$)/i;

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(80, {
    fleet: [
      fleetVm('tls', { now }),
      fleetVm('rdp-denied', { now }),
      silent('online-only'),
      ...BLOCKED.map(({ name, azure }) => silent(name, azure)),
      ...REFUSED,
    ],
    lab: { assignedScopes: [LAB_GROUP_ID, LAB_GROUP_ID.replace('rg-fleet', LOCKED_GROUP)] },
  });
});
afterAll(() => theatre.close());

/** What the service has done in Azure so far, but for reading, and for the scripts that look: `POST deallocate`, `PUT rescue-nic`. */
function deeds(): string[] {
  return theatre.stage.lab
    .requests()
    .filter(({ method, path }) => method !== 'GET' && !READS_ALL_THE_SAME.test(path))
    .map(
      ({ method, path }) => `${method} ${/[^/]+$/.exec(path.replace(/rdp-medic-[0-9a-f]+-/, ''))?.[0] ?? ''}`,
    );
}

/** The id of a VM, whichever group it is in. */
function idOf({ name, azure = {} }: { name: string; azure?: Partial<VmSpec> }): string {
  const { resourceGroup = 'rg-fleet' } = azure;
  return `/subscriptions/${LAB_SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

it('mode diagnose tells what is wrong, and changes nothing', async () => {
  const before = { disk: structuredClone(theatre.osDiskOf('tls')), deeds: deeds() };
  const record = await theatre.remediate('tls', { mode: 'diagnose' });
  expect(record.outcome).toMatchObject({ kind: 'diagnosed', causes: ['tls'] });
  expect(record.snapshot).toBeUndefined();
  expect(deeds()).toEqual(before.deeds);
  expect(theatre.osDiskOf('tls')).toEqual(before.disk);
  expect(theatre.leftovers()).toEqual([]);
});

it('mode online never takes the VM down, nor makes what that would take', async () => {
  const before = { disk: theatre.osDiskOf('online-only').id, deeds: deeds() };
  const record = await theatre.remediate('online-only', { mode: 'online' });
  expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
  expect(deeds().slice(before.deeds.length)).toEqual(['PUT snapshot']);
  expect(theatre.osDiskOf('online-only').id).toBe(before.disk);
  expect(theatre.stage.lab.vm('online-only').power).toBe('running');
  expect(theatre.leftovers()).toEqual([]);
});

it.each(REFUSED.map(({ spec, brokenBy }) => ({ name: spec.name, brokenBy })))(
  '$name ($brokenBy) is refused before anything is touched',
  async ({ name }) => {
    const before = deeds();
    const record = await theatre.remediate(name);
    expect(record.outcome).toMatchObject({ kind: 'refused' });
    expect(record.refusals).toHaveLength(1);
    expect(deeds()).toEqual(before);
    expect(theatre.stage.lab.vm(name).power).toBe('running');
    expect(theatre.leftovers()).toEqual([]);
  },
);

it.each(BLOCKED)('what $code forbids offline is not even rehearsed', async ({ code, ...vm }) => {
  const before = deeds();
  const record = await theatre.remediate(idOf(vm));
  expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
  expect(record.refusals.map((refusal) => refusal.code)).toEqual([code]);
  expect(deeds().slice(before.length)).toEqual(['PUT snapshot']);
  expect(theatre.stage.lab.vm(idOf(vm)).power).toBe('running');
  expect(theatre.leftovers()).toEqual([]);
});

it('what a repair beside it has made is left alone by the clean-up', async () => {
  const { lab } = theatre.stage;
  const maker = {
    deployment: readConfig(process.env).deployment,
    remediationId: newRemediationId(instanceIdOf(lab.vm('online-only').id.toLowerCase()), now),
    expiresAt: new Date(now + 7 * 24 * 3_600_000).toISOString(),
  };
  const { managedBy: _, ...free } = structuredClone(lab.disk(theatre.osDiskOf('tls').id));
  const name = madeName(maker, 'repair-disk');
  const tags = madeTags(maker, 'repair-disk');
  const theirs = lab.store.disks.put({ ...free, id: free.id.replace(/[^/]+$/, name), name, tags });

  // Without a snapshot it looks for whatever it may have made, in the whole resource group.
  const record = await theatre.remediate('rdp-denied', { mode: 'diagnose' });

  expect(record.outcome).toMatchObject({ kind: 'diagnosed' });
  expect(record.cleanup).toMatchObject({ removed: expect.not.arrayContaining([theirs.id]), leftovers: [] });
  expect(lab.store.disks.find(theirs.id)).toBeDefined();
});
