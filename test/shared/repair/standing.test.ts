import { MedicError } from '../../../shared/errors.ts';
import type { Asked, DeedKind, Expected } from '../../../shared/model/expected.ts';
import { differences, isCalm, standsAfter } from '../../../shared/repair/standing.ts';
import { refusesSwap } from '../../../shared/repair/swap-refusal.ts';
import { bringUpPause, isTimeToTell, TIMING } from '../../../shared/repair/timing.ts';
import { isWorthAnotherTry } from '../../../shared/repair/undo.ts';

const DOWN: Expected = {
  vmId: 'a',
  osDiskId: '/disks/own',
  osDiskUniqueId: 'u',
  power: 'deallocated',
  diskState: 'Reserved',
  ownershipUpdatedAt: '2026-01-01T00:00:00.000Z',
};
const LATER = '2026-01-01T00:05:00.000Z';
const asked = (kind: DeedKind, ended: boolean, osDiskId: string | null = null): Asked => ({
  kind,
  deed: { vmId: '/vms/web', remediationId: 'r', epoch: 1, forward: true, intent: '1', expected: DOWN },
  osDiskId,
  ended,
});

describe('what counts as changed by somebody else', () => {
  it.each<[string, Partial<Expected>, boolean]>([
    ['nothing', {}, false],
    ['another VM', { vmId: 'b' }, true],
    ['another disk', { osDiskId: '/disks/other' }, true],
    ['another disk of its name', { osDiskUniqueId: 'v' }, true],
    ['running', { power: 'running' }, true],
    ['started and stopped again', { ownershipUpdatedAt: LATER }, true],
    ['a time that Azure does not say any more', { ownershipUpdatedAt: null }, true],
    ['a state of the disk that lags', { diskState: 'Attached' }, false],
  ])('%s', (_what, change, moved) => {
    expect(differences(DOWN, { ...DOWN, ...change }).length > 0).toBe(moved);
  });

  it('is not the time of a VM that runs, nor where an attempt of ours may have moved it', () => {
    const running = { ...DOWN, power: 'running', diskState: 'Attached' };
    expect(differences(running, { ...running, ownershipUpdatedAt: LATER })).toEqual([]);
    expect(differences({ ...DOWN, ownershipUpdatedAt: null }, DOWN)).toEqual([]);
    expect(differences(DOWN, { ...DOWN, ownershipUpdatedAt: LATER }, false)).toEqual([]);
  });
});

describe('how a deed of ours leaves a VM', () => {
  it.each<[Asked, Partial<Expected> | undefined, boolean]>([
    [asked('start', true), { power: 'running' }, true],
    [asked('start', true), { power: 'stopped' }, false],
    [asked('start', false), { power: 'stopped' }, true],
    [asked('start', true), { power: 'running', osDiskId: '/disks/other' }, false],
    [asked('deallocate', true), {}, true],
    [asked('swap-os-disk', true, '/disks/copy'), { osDiskId: '/disks/copy', osDiskUniqueId: 'c' }, true],
    [asked('swap-os-disk', true, '/disks/copy'), {}, false],
    [asked('swap-os-disk', true, '/disks/copy'), { osDiskId: '/disks/copy', power: 'running' }, false],
    [asked('swap-os-disk', true, '/disks/copy'), { osDiskId: '/disks/copy', vmId: 'b' }, false],
    [asked('delete-vm', true), undefined, true],
    [asked('delete-vm', true), {}, false],
    [asked('recreate-vm', true, '/disks/copy'), { osDiskId: '/disks/copy', vmId: 'b' }, true],
    [asked('recreate-vm', true, '/disks/copy'), { vmId: 'b' }, false],
  ])('%#', (deed, change, fits) => {
    expect(standsAfter(deed, change && { ...DOWN, ...change })).toBe(fits);
  });
});

describe('bringing a VM up', () => {
  it('is tried soon at first, then every quarter of an hour, for a day', () => {
    expect([1, 2, 3, 4, 5, 50].map(bringUpPause)).toEqual([60, 120, 300, 300, 900, 900]);
    const refused = new MedicError('AccessDenied', 'AuthorizationFailed');
    expect(isWorthAnotherTry(refused, TIMING.bringUpLimit - 1)).toBe(true);
    expect(isWorthAnotherTry(new Error('worker restarted'), 0)).toBe(true);
    expect(isWorthAnotherTry(refused, TIMING.bringUpLimit)).toBe(false);
  });

  it('is given up where the VM is somebody else’s', () => {
    for (const code of ['Moved', 'Superseded'] as const)
      expect(isWorthAnotherTry(new MedicError(code, ''), 0)).toBe(false);
  });

  it('is given up where the VM is gone, once Azure has said so for minutes', () => {
    const gone = new MedicError('VmNotFound', '');
    expect(isWorthAnotherTry(gone, 120)).toBe(true);
    expect(isWorthAnotherTry(gone, TIMING.goneLimit)).toBe(false);
  });

  it('is told at once, after an hour, then every four', () => {
    let told: number | undefined;
    const hours: number[] = [];
    for (let seconds = 0; seconds <= 24 * 3600; seconds += 900) {
      if (!isTimeToTell(seconds, told)) continue;
      told = seconds;
      hours.push(seconds / 3600);
    }
    expect(hours).toEqual([0, 1, 5, 9, 13, 17, 21]);
  });
});

it.each([
  ['PropertyChangeNotAllowed: …', true],
  ['OperationNotAllowed: Swapping OS Disk is not supported for VMs using an ephemeral OS disk.', true],
  [
    "PropertyChangeNotAllowed: Swapping OS Disk is not allowed since Disk Controller Type property 'NVMe' is not supported",
    true,
  ],
  ['BadRequest: Security type of VM is not compatible with the security type of attached OS Disk.', true],
  ["OperationNotAllowed: Operation 'update' is not allowed since another operation is in progress.", false],
  ['BadRequest: The disk is not in the same zone as the VM.', false],
  ['OSDiskSwapNotSupportedForVMsUsingDiskEncryption: …', true],
  ['AllocationFailed: OperationNotAllowed', false],
])('a refusal to swap: %s', (text, refuses) => {
  expect(refusesSwap(text, 'deallocated')).toBe(refuses);
});

it('takes what stands for anything for a refusal where the VM is merely stopped, and can be deallocated', () => {
  const text = "OperationNotAllowed: Operation 'update' is not allowed since the VM is not deallocated.";
  expect(refusesSwap(text, 'stopped')).toBe(true);
  expect(refusesSwap(text, 'deallocated')).toBe(false);
});

describe('a VM as a deed of ours leaves it', () => {
  it('stands on the very disk that it had, not on another one of its name', () => {
    const up = { ...DOWN, power: 'running' };
    expect(standsAfter(asked('start', true), up)).toBe(true);
    expect(standsAfter(asked('start', true), { ...up, osDiskUniqueId: 'v' })).toBe(false);
  });

  it('is there, unless it was to be deleted', () => {
    for (const kind of ['start', 'deallocate', 'swap-os-disk', 'recreate-vm'] as const)
      expect(standsAfter(asked(kind, true, '/disks/copy'), undefined)).toBe(false);
    expect(standsAfter(asked('delete-vm', true), undefined)).toBe(true);
  });

  it.each([
    ['running', true],
    ['stopped', true],
    ['deallocated', true],
    ['starting', false],
    ['deallocating', false],
  ])('is calm while it is %s: %p', (power, calm) => {
    expect(isCalm({ ...DOWN, power })).toBe(calm);
  });
});
