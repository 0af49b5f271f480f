import { parseActors } from '../../lab/actors/parse.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { setInSystem } from '../../lab/fleet/disk/edit.ts';
import { dword } from '../../lab/fleet/disk/registry-values.ts';
import { closeFirewall } from '../../lab/fleet/faults/settings.ts';
import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import type { GuestDisk } from '../../lab/windows/disk.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { stateUnder } from './support/end-states.ts';
import { made } from './support/moments.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
const SILENT = ['repaired', 'dry-run', 'changed', 'healed', 'well-again', 'no-rescue', 'mistaken'];

/** A VM that can be repaired offline only. */
function patient(name: string): FleetVm {
  const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
  return { ...rest, spec: { ...spec, name } };
}

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(51, {
    fleet: [...SILENT.map(patient), fleetVm('beyond-repair', { now }), fleetVm('tls', { now })],
  });
});
afterAll(() => theatre.close());

/** Somebody mends what is at fault. */
function enableTls(disk: GuestDisk): void {
  const server = 'Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server';
  setInSystem(disk, server, 'Enabled', dword(1));
  setInSystem(disk, server, 'DisabledByDefault', dword(0));
}

/** How often a VM was taken down. */
function timesDown(name: string): number {
  const path = new RegExp(`/virtualMachines/${name}/deallocate$`, 'i');
  return theatre.stage.lab.requests().filter((request) => path.test(request.path.split('?')[0] ?? '')).length;
}

function stepsOf(record: RemediationRecord): string[] {
  return record.steps.map(({ id, state }) => `${id}: ${state}`);
}

/** Lets something happen inside a VM right before Azure is asked for this, the first time. */
function before(asked: RegExp, happens: () => void): void {
  const { faults } = theatre.stage.lab;
  const next = faults.next.bind(faults);
  faults.next = (request) => {
    if (asked.test(`${request.method} ${request.path}`)) {
      faults.next = next;
      happens();
    }
    return next(request);
  };
}

function expectUpAsFound(name: string, diskId: string, record: RemediationRecord): void {
  expect(theatre.stage.lab.vm(name).power).toBe('running');
  expect(theatre.osDiskOf(name).id).toBe(diskId);
  expectNothingLeft(theatre, record);
}

describe('an offline repair is rehearsed while the VM runs', () => {
  it('and takes no VM down whose disk nothing can mend', async () => {
    const { id } = theatre.osDiskOf('beyond-repair');
    const record = await theatre.remediate('beyond-repair');
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(timesDown('beyond-repair')).toBe(0);
    expectUpAsFound('beyond-repair', id, record);
  });

  it('and takes no VM down where there is no rescue VM to be had, and says why', async () => {
    const { id } = theatre.osDiskOf('no-rescue');
    theatre.stage.lab.faults.add(...parseFaults('1+* PUT:*virtualMachines/write=409(SkuNotAvailable)'));
    const record = await theatre.remediate('no-rescue');
    expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
    expect(record.outcome?.summary).toContain('SkuNotAvailable');
    theatre.stage.lab.faults.clear();
    expect(timesDown('no-rescue')).toBe(0);
    expectUpAsFound('no-rescue', id, record);
  });

  it('and takes no VM down whose RDP answers by then', async () => {
    const { id, content } = theatre.osDiskOf('well-again');
    before(/PUT .*networkInterfaces/i, () => enableTls(content));
    theatre.stage.lab.actors.add(
      ...parseActors('owner: PUT:*networkInterfaces/write -> restart on well-again'),
    );
    const record = await theatre.remediate('well-again');
    expect(record.outcome?.kind).toBe('healthy');
    expect(timesDown('well-again')).toBe(0);
    expectUpAsFound('well-again', id, record);
  });

  it('and then done as rehearsed', async () => {
    const record = await theatre.remediate('repaired');
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(stepsOf(record).slice(-6)).toEqual([
      'rehearsal: done',
      'probe: done',
      'offline-repair: fixed',
      'restore: done',
      'verify: done',
      'clean-up: done',
    ]);
    expect(record.steps.map(({ detail }) => detail).join()).not.toContain(
      'No fault that a script can repair',
    );
    expect(stateUnder(theatre, 'repaired')).toMatchObject({ tls12: true });
    expect(timesDown('repaired')).toBe(1);
    const [outage] = record.outages ?? [];
    const moments = [outage?.from, outage?.runningAt, outage?.answeredAt].map((at) => Date.parse(at ?? ''));
    expect(moments).toEqual(moments.toSorted((one, other) => one - other));
    expect(record.plan?.costs?.join('\n')).toContain('Kept OS disk');
    expectNothingLeft(theatre, record);
  });

  it('on a copy that is never taken for the one that goes under the VM', async () => {
    const { lab } = theatre.stage;
    const { id } = theatre.osDiskOf('mistaken');
    const copyOf = (role: string) => lab.disk(made(theatre, 'mistaken', role)?.id ?? '');
    before(/^DELETE .*rehearsal-disk$/, () => {
      const rehearsedOn = structuredClone(copyOf('rehearsal-disk').content);
      before(/^POST .*attachDetachDataDisks/, () => {
        copyOf('repair-disk').content = rehearsedOn;
      });
    });
    const record = await theatre.remediate('mistaken');
    expect(record.outcome?.kind).toBe('failed');
    expect(record.errors.map(({ message }) => message).join()).toContain('RehearsalDisk');
    expectUpAsFound('mistaken', id, record);
  });
});

describe('a VM whose Windows was changed online before', () => {
  it('is rehearsed with as it is since, and not taken down for what is mended already', async () => {
    const { id } = theatre.osDiskOf('tls');
    // What was mended counts only once Windows was restarted.
    theatre.stage.lab.faults.add(...parseFaults('1+* *restart/action@tls=403(AuthorizationFailed)'));
    const before = stateUnder(theatre, 'tls');
    const record = await theatre.remediate('tls');
    theatre.stage.lab.faults.clear();
    expect(record.errors.map(({ code }) => code)).toEqual(['AccessDenied', 'NothingToMend']);
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(timesDown('tls')).toBe(0);
    expect(stateUnder(theatre, 'tls')).toEqual(before);
    expectUpAsFound('tls', id, record);
  });
});

describe('mode rehearse, the dry run', () => {
  it('changes nothing on the VM, leaves nothing behind, and tells what would be done', async () => {
    const { id, content } = theatre.osDiskOf('dry-run');
    const before = structuredClone(content);
    const record = await theatre.remediate('dry-run', { mode: 'rehearse' });
    expect(record.outcome?.kind).toBe('diagnosed');
    expect(record.plan?.lines.join('\n')).toMatch(
      /Change on the disk, as rehearsed: set Enabled in .*TLS 1\.2/,
    );
    expect(record.plan?.downtime).toContain('None for the rehearsal');
    expect(record.plan?.losses).not.toEqual([]);
    expect(record.plan?.costs?.join('\n')).toMatch(/^Rescue VM for about \d+ minutes: about \$0\.\d\d/);
    expect(record.rehearsed?.downtimeSeconds).toBeGreaterThan(record.rehearsed?.seconds ?? Infinity);
    expect(record.outages).toBeUndefined();
    expect(record.outcome?.summary).toMatch(/The VM would be down for about \d+ minutes\./);
    expect(timesDown('dry-run')).toBe(0);
    expectUpAsFound('dry-run', id, record);
    expect(theatre.osDiskOf('dry-run').content).toEqual(before);
    expect(record.cleanup.kept).toEqual([]);
    expect(record.snapshot).toBeUndefined();
  });
});

describe('a disk that changed since the rehearsal', () => {
  it.each([
    { name: 'changed', what: 'asks for more', change: closeFirewall },
    { name: 'healed', what: 'is well by now', change: enableTls },
  ])('puts the VM on its original disk at once where it $what', async ({ name, change }) => {
    const { id } = theatre.osDiskOf(name);
    before(new RegExp(`POST .*/${name}/deallocate`, 'i'), () => change(theatre.osDiskOf(name).content));
    const record = await theatre.remediate(name);
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.errors.map(({ code }) => code)).toContain('PlanChanged');
    expect(record.steps.map((step) => step.id)).not.toContain('restore');
    expect(timesDown(name)).toBe(1);
    expectUpAsFound(name, id, record);
  });
});
