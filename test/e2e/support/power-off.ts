import { DEFAULT_BEHAVIOUR, type Behaviour } from '../../../lab/arm/behaviour.ts';
import { parseFaults } from '../../../lab/faults/parse.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { expectNothingLeft, expectSameVm, requestFor } from './offline-repair.ts';
import { openTheatre, type Theatre } from './theatre.ts';

const VMS = ['swapped', 'rebuilt', 'swap-refused', 'not-mended'] as const;

/** What Azure was asked to do to the power of a VM, in order. */
function switched({ stage: { lab } }: Theatre, name: string): string[] {
  return lab
    .activity()
    .filter(({ resource, action }) => resource.endsWith(`/${name}`) && action.endsWith('/action'))
    .map(({ action }) => action.split('/').at(-2) ?? '');
}

/** Specifies the repair of a VM that is only stopped for it, on an Azure that swaps the OS disks of VMs in this state. */
export function describePowerOff(swap: Behaviour['swap'], account: number): void {
  const whileStopped = swap === 'always';
  let theatre: Theatre;
  beforeAll(async () => {
    const fleet = VMS.map((name) => {
      const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now: Date.now() });
      return { ...rest, spec: { ...spec, name } };
    });
    theatre = await openTheatre(account, {
      fleet,
      lab: { behaviour: { ...DEFAULT_BEHAVIOUR, swap } },
      settings: { RDP_MEDIC_TAKE_DOWN: 'powerOff' },
    });
  });
  afterAll(() => theatre.close());

  it('runs from its repaired disk, and was deallocated only where Azure wanted it so', async () => {
    const before = structuredClone(theatre.stage.lab.vm('swapped'));
    const original = theatre.osDiskOf('swapped').id;
    const record = await theatre.remediate('swapped', requestFor('swap'));
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(record.errors).toEqual([]);
    expect(switched(theatre, 'swapped')).toEqual([
      'powerOff',
      ...(whileStopped ? [] : ['deallocate']),
      'start',
    ]);
    expect(record.warnings.some((text) => text.includes('so the VM was deallocated'))).toBe(!whileStopped);
    expect(record.plan?.losses.join(' ')).toContain('only if Azure requires the VM to be deallocated');
    expect(theatre.osDiskOf('swapped').id).not.toBe(original);
    expect(record.originalDisk?.id).toBe(original);
    expectSameVm(theatre, 'swapped', before);
    expectNothingLeft(theatre, record);
  });

  it('is built again around its repaired disk', async () => {
    const record = await theatre.remediate('rebuilt', requestFor('rebuild'));
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(theatre.stage.lab.vm('rebuilt').power).toBe('running');
    expectNothingLeft(theatre, record);
  });

  it('runs from its original disk where Azure refuses the swap whatever its state', async () => {
    const original = theatre.osDiskOf('swap-refused').id;
    const { lab } = theatre.stage;
    lab.faults.add(
      ...parseFaults('1+2 PATCH:*virtualMachines/write@swap-refused=409(PropertyChangeNotAllowed)'),
    );
    const record = await theatre.remediate('swap-refused', requestFor('swap'));
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(theatre.osDiskOf('swap-refused').id).toBe(original);
    expect(lab.vm('swap-refused').power).toBe('running');
    expect(record.undo.every(({ done }) => done)).toBe(true);
    expectNothingLeft(theatre, record);
  });

  it('runs from its original disk where its copy cannot be made', async () => {
    const original = theatre.osDiskOf('not-mended').id;
    const { lab } = theatre.stage;
    lab.faults.add(...parseFaults('PUT:*disks/write@repair-disk=fail(InternalError)'));
    const record = await theatre.remediate('not-mended', requestFor('swap'));
    expect(theatre.osDiskOf('not-mended').id).toBe(original);
    expect(lab.vm('not-mended').power).toBe('running');
    expect(switched(theatre, 'not-mended')).toEqual(['powerOff', 'start']);
    expectNothingLeft(theatre, record);
  });
}
