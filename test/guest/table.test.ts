import { probeRdp } from '../../shared/probe/probe.ts';
import { CAUSES } from '../../shared/catalog/causes.ts';
import type { GuestResult } from '../../shared/model/guest-result.ts';
import { openRdpRules, restrictRule } from '../../shared/repair/rdp-exposure.ts';
import { ADMINISTRATOR, ATTACKER, startExposedVm, type ExposedVm } from '../shared/azure/exposed-vm.ts';
import { diskOf } from './offline/causes.ts';
import { putBackCopies } from './offline/put-back.ts';
import { attachToRescue, bootAndConnect } from './offline/rescue.ts';
import { undoOnline } from './online/support/undo.ts';
import { faultsOf, NOW, onVm, type Vm } from './online/support/vm.ts';

/*
 * The table of causes: each has a VM of the fleet with its name, and for each there is a test that it is
 * detected, fixed online, fixed offline, verified and undone. The names of the tests are the cells.
 */
const CELLS = ['detected', 'fixed online', 'fixed offline', 'verified', 'undone'] as const;
type Row = Readonly<Record<(typeof CELLS)[number], () => Promise<void>>>;

const ADMINISTRATORS = ['198.51.100.0/24'];

/** Who holds a port is not written on a disk: the caller knows it from the wire, and names another one. */
const OFFLINE_PARAMETERS: Readonly<Record<string, Record<string, string>>> = {
  'rdp-port': { NewPort: '3390' },
};
/** A certificate is not undeleted, Windows makes another: the way back is the copy of the hive. */
const UNDONE_BY_COPIES = ['rdp-certificate'];

for (const { id, guestScripts } of CAUSES) {
  const row = guestScripts ? guestRow(id) : networkRow();
  for (const cell of CELLS) test(`${id}: ${cell}`, row[cell]);
}

/** A cause inside Windows: its scripts, on the broken VM and on the rescue VM. */
function guestRow(id: string): Row {
  return {
    detected: () =>
      onVm(id, {}, async (vm) => {
        const disk = structuredClone(vm.disk);
        expect(await causesOn(vm)).toEqual([id]);
        expect(vm.disk).toEqual(disk);
      }),

    'fixed online': () =>
      onVm(id, {}, async (vm) => {
        const { ok, changed, remaining } = await repairOnline(vm, id);
        expect({ ok, changed, remaining }).toEqual({ ok: true, changed: true, remaining: [] });
        expect(await vm.machine().network.handshake(3389)).toMatchObject({ ok: true });
      }),

    'fixed offline': async () => {
      const disk = diskOf(id);
      const rescue = await attachToRescue(disk);
      const { ok, changed, remaining } = await rescue.run(`offline/${id}`, OFFLINE_PARAMETERS[id]);
      expect((await rescue.run('offline/release-disk')).ok).toBe(true);
      await rescue.close();
      expect({ ok, changed, remaining }).toEqual({ ok: true, changed: true, remaining: [] });
      expect(await bootAndConnect(disk)).toMatchObject({ answers: true });
    },

    verified: () =>
      onVm(id, {}, async (vm) => {
        expect(await stateFromOutside(vm.address, NOW)).not.toBe('healthy');
        await repairOnline(vm, id);
        expect(await stateFromOutside(vm.address, NOW)).toBe('healthy');
        expect(await causesOn(vm)).toEqual([]);
        // What only this start of Windows shows would be no repair.
        await vm.restart();
        expect(await stateFromOutside(vm.address, NOW)).toBe('healthy');
      }),

    undone: async () => {
      if (UNDONE_BY_COPIES.includes(id)) await expectUndoneByCopies(id);
      else await expectUndoneByResult(id);
    },
  };
}

/** The cause outside of Windows: a rule of a network security group. It is closed the same while the VM is off. */
function networkRow(): Row {
  return {
    detected: () =>
      onExposedVm('running', async (vm) => {
        expect((await openRules(vm)).map(({ name }) => name)).toEqual(['allow-rdp-any']);
        expect(vm.reaches(ATTACKER)).toBe(true);
      }),

    'fixed online': () => onExposedVm('running', expectClosed),
    'fixed offline': () => onExposedVm('deallocated', expectClosed),

    verified: () =>
      onExposedVm('running', async (vm) => {
        expect(await stateFromOutside(vm.address, vm.now())).not.toBe('healthy');
        await restrict(vm);
        expect(await stateFromOutside(vm.address, vm.now())).toBe('healthy');
        expect(await openRules(vm)).toEqual([]);
      }),

    undone: () =>
      onExposedVm('running', async (vm) => {
        const before = await vm.rules();
        const [open] = await openRules(vm);
        await restrict(vm);
        if (open) await vm.put(open);
        expect(await vm.rules()).toEqual(before);
        expect(vm.reaches(ATTACKER)).toBe(true);
      }),
  };
}

async function causesOn(vm: Vm): Promise<(string | undefined)[]> {
  const { findings } = await vm.run('online/diagnose');
  const faults = findings.filter(({ severity }) => severity === 'fault');
  return [...new Set(faults.map(({ cause }) => cause))];
}

/** As the runbook does it: with the restart that the script asks for. */
async function repairOnline(vm: Vm, id: string): Promise<GuestResult> {
  const result = await vm.run(`online/${id}`);
  if (result.restart === 'vm') await vm.restart();
  return result;
}

async function stateFromOutside(address: string, now: number): Promise<string> {
  const { state } = await probeRdp({ address, port: 3389 }, { timeoutMs: 1000, now: () => now });
  return state;
}

/** By nothing but what the result line names as before, and the same faults are there again. */
async function expectUndoneByResult(id: string): Promise<void> {
  await onVm(id, {}, async (vm) => {
    const found = faultsOf((await vm.run('online/diagnose')).findings);
    const { actions } = await repairOnline(vm, id);
    await undoOnline(vm.machine(), actions);
    await vm.restart();
    expect(faultsOf((await vm.run('online/diagnose')).findings)).toEqual(found);
  });
}

/** By the copies that lie on the rescue VM: the disk is to the byte what it was. */
async function expectUndoneByCopies(id: string): Promise<void> {
  const original = diskOf(id);
  const disk = structuredClone(original);
  const rescue = await attachToRescue(disk);
  await rescue.run(`offline/${id}`, OFFLINE_PARAMETERS[id]);
  expect(disk).not.toEqual(original);
  putBackCopies(rescue.machine, disk);
  await rescue.close();
  expect(disk).toEqual(original);
}

async function onExposedVm(
  power: 'running' | 'deallocated',
  test: (vm: ExposedVm) => Promise<void>,
): Promise<void> {
  const vm = await startExposedVm({ power });
  try {
    await test(vm);
  } finally {
    await vm.close();
  }
}

async function openRules(vm: ExposedVm) {
  return openRdpRules(await vm.rules(), 3389);
}

async function restrict(vm: ExposedVm): Promise<void> {
  const all = await vm.rules();
  for (const open of openRdpRules(all, 3389)) {
    const restriction = restrictRule(open, all, 3389, ADMINISTRATORS);
    if (restriction?.kind === 'narrow') await vm.put({ ...open, sources: restriction.sources });
    for (const added of restriction?.kind === 'precede' ? restriction.add : []) await vm.put(added);
  }
}

async function expectClosed(vm: ExposedVm): Promise<void> {
  await restrict(vm);
  expect(vm.reaches(ATTACKER)).toBe(false);
  expect(vm.reaches(ADMINISTRATOR)).toBe(true);
}
