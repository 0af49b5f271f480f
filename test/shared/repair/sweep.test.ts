import type { Sweepable } from '../../../shared/model/sweep.ts';
import { fateOf } from '../../../shared/repair/sweep.ts';

const NOW = Date.UTC(2026, 2, 10, 12);
const PAST = '2026-03-10T11:59:59.000Z';
const LATER = '2026-03-10T12:00:01.000Z';
const ME = 'vm-00000000000000000000000000000001-20260301120000000-abcd';

const FREE: Omit<Sweepable, 'id'> = {
  role: 'repair-disk',
  remediationId: ME,
  expiresAt: LATER,
  usedBy: null,
  ownName: true,
  vmExists: true,
};
const nobody: string[] = [];

describe('what the janitor does with', () => {
  it.each<[string, Partial<Sweepable>, string[], 'delete' | 'keep' | 'leave']>([
    // What a remediation deletes itself, once it is over.
    ['a rescue VM of a remediation that is over', { role: 'rescue-vm' }, nobody, 'delete'],
    ['a rescue NIC', { role: 'rescue-nic' }, nobody, 'delete'],
    ['the OS disk of a rescue VM', { role: 'rescue-os-disk' }, nobody, 'delete'],
    ['a repaired copy that nobody uses', { role: 'repair-disk' }, nobody, 'delete'],
    ['the snapshot it was made from', { role: 'repair-snapshot' }, nobody, 'delete'],
    ['a script left on the VM', { role: 'run-command', ownName: false }, nobody, 'delete'],
    ['the same where the VM is gone', { role: 'repair-disk', vmExists: false }, nobody, 'delete'],
    ['the same without a date', { role: 'repair-disk', expiresAt: '' }, nobody, 'delete'],
    // Of a remediation that goes on.
    ['a rescue VM of one that runs', { role: 'rescue-vm' }, [ME], 'keep'],
    ['the same past its date', { role: 'rescue-vm', expiresAt: PAST }, [ME], 'keep'],
    ['an expired snapshot of one that runs', { role: 'snapshot', expiresAt: PAST }, [ME], 'keep'],
    ['a rescue VM while another one runs', { role: 'rescue-vm' }, [`${ME}0`], 'delete'],
    ['a script that runs', { role: 'run-command', ownName: false }, [ME], 'keep'],
    // The way back.
    ['a safety snapshot before its date', { role: 'snapshot' }, nobody, 'keep'],
    ['a safety snapshot past its date', { role: 'snapshot', expiresAt: PAST }, nobody, 'delete'],
    ['a safety snapshot without a date', { role: 'snapshot', expiresAt: '' }, nobody, 'keep'],
    ['one with a date nobody can read', { role: 'snapshot', expiresAt: 'soon' }, nobody, 'keep'],
    ['an original disk before its date', { role: 'original-disk', ownName: false }, nobody, 'keep'],
    ['one past it', { role: 'original-disk', ownName: false, expiresAt: PAST }, nobody, 'delete'],
    [
      'an expired original that is back under a VM',
      { role: 'original-disk', ownName: false, expiresAt: PAST, usedBy: 'vm' },
      nobody,
      'leave',
    ],
    [
      'an expired original whose VM is gone',
      { role: 'original-disk', ownName: false, expiresAt: PAST, vmExists: false },
      nobody,
      'leave',
    ],
    [
      'an expired snapshot whose VM is gone',
      { role: 'snapshot', expiresAt: PAST, vmExists: false },
      nobody,
      'leave',
    ],
    // What is not ours to delete.
    ['a repaired copy under a VM', { role: 'repair-disk', usedBy: 'vm' }, nobody, 'leave'],
    ['a NIC in use', { role: 'rescue-nic', usedBy: 'vm' }, nobody, 'leave'],
    ['a disk with copied tags', { role: 'repair-disk', ownName: false }, nobody, 'leave'],
    [
      'an expired snapshot with copied tags',
      { role: 'snapshot', ownName: false, expiresAt: PAST },
      nobody,
      'leave',
    ],
    ['a role nobody knows', { role: 'precious', expiresAt: PAST }, nobody, 'leave'],
    ['no role', { role: '', expiresAt: PAST }, nobody, 'leave'],
  ])('%s', (_what, resource, running, fate) => {
    expect(fateOf({ ...FREE, ...resource }, NOW, new Set(running)).fate).toBe(fate);
  });

  it('tells why it leaves something', () => {
    expect(fateOf({ ...FREE, usedBy: '/vms/web-01' }, NOW, new Set())).toEqual({
      fate: 'leave',
      why: 'it is in use by /vms/web-01',
    });
  });
});
