import type { Sweepable } from '../../../shared/model/sweep.ts';
import { fateOf, type Known } from '../../../shared/repair/sweep.ts';

const NOW = Date.UTC(2026, 2, 10, 12);
const PAST = '2026-03-10T11:59:59.000Z';
const LATER = '2026-03-10T12:00:01.000Z';
const ME = 'vm-00000000000000000000000000000001-20260301120000000-abcd';
const ID = '/a/disk';

const FREE: Sweepable = {
  id: ID,
  isOsDisk: false,
  role: 'repair-disk',
  remediationId: ME,
  expiresAt: LATER,
  usedBy: null,
  ownName: true,
  vmExists: true,
};
const nobody: string[] = [];

/** By default nothing runs, and a record names the disk as kept until a moment ago. */
function known(more: Partial<Known> = {}): Known {
  const kept = new Map([[ME, [{ id: ID.toUpperCase(), until: PAST }]]]);
  return { now: NOW, running: new Set(), busy: new Set(), kept, ...more };
}

describe('what the janitor does with', () => {
  it.each<[string, Partial<Sweepable>, string[], 'delete' | 'keep' | 'leave' | 'release']>([
    // What a remediation deletes itself, once it is over.
    ['a rescue VM of a remediation that is over', { role: 'rescue-vm' }, nobody, 'delete'],
    ['a rescue NIC', { role: 'rescue-nic' }, nobody, 'delete'],
    ['the OS disk of a rescue VM', { role: 'rescue-os-disk' }, nobody, 'delete'],
    ['a repaired copy that nobody uses', { role: 'repair-disk' }, nobody, 'delete'],
    ['the snapshot that a rehearsal was made from', { role: 'rehearsal-snapshot' }, nobody, 'delete'],
    ['a script left on the VM', { role: 'run-command' }, nobody, 'delete'],
    ['the same where the VM is gone', { role: 'repair-disk', vmExists: false }, nobody, 'delete'],
    ['the same without a date', { role: 'repair-disk', expiresAt: '' }, nobody, 'delete'],
    // Of a remediation that goes on.
    ['a rescue VM of one that runs', { role: 'rescue-vm' }, [ME], 'keep'],
    ['the same past its date', { role: 'rescue-vm', expiresAt: PAST }, [ME], 'keep'],
    ['an expired snapshot of one that runs', { role: 'snapshot', expiresAt: PAST }, [ME], 'keep'],
    ['a rescue VM while another one runs', { role: 'rescue-vm' }, [`${ME}0`], 'delete'],
    ['a script that runs', { role: 'run-command' }, [ME], 'keep'],
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
    // What a VM boots from.
    ['a copy that is the VM’s own', { role: 'repair-disk', usedBy: 'vm', isOsDisk: true }, nobody, 'release'],
    [
      'an original that went back under its VM',
      { role: 'original-disk', ownName: false, expiresAt: PAST, usedBy: 'vm', isOsDisk: true },
      nobody,
      'release',
    ],
    ['one whose remediation runs', { usedBy: 'vm', isOsDisk: true }, [ME], 'keep'],
    // What is not ours to delete.
    ['a disk with the role of a script', { role: 'run-command', ownName: false }, nobody, 'leave'],
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
    expect(fateOf({ ...FREE, ...resource }, known({ running: new Set(running) })).fate).toBe(fate);
  });

  it('tells why it leaves something', () => {
    expect(fateOf({ ...FREE, usedBy: '/vms/web-01' }, known())).toEqual({
      fate: 'leave',
      why: 'it is in use by /vms/web-01',
    });
  });

  describe('a safety snapshot that came to be unseen, so that its record names nothing to go back to', () => {
    const unseen: Sweepable = { ...FREE, role: 'snapshot' };

    it.each<[string, Partial<Known>, Partial<Sweepable>, 'delete' | 'keep' | 'leave']>([
      ['and nothing runs', {}, {}, 'delete'],
      ['while something runs on its VM', { busy: new Set([ME]) }, {}, 'keep'],
      ['where somebody exports it', {}, { usedBy: 'a transfer' }, 'keep'],
      ['with copied tags', {}, { ownName: false }, 'leave'],
      ['whose record is lost', { kept: new Map() }, {}, 'keep'],
      ['in the role of a disk', {}, { role: 'original-disk' }, 'keep'],
    ])('%s', (_what, more, resource, fate) => {
      const kept = new Map([[ME, []]]);
      expect(fateOf({ ...unseen, ...resource }, known({ kept, ...more })).fate).toBe(fate);
    });
  });

  describe('a way back whose tag has expired', () => {
    const original: Sweepable = { ...FREE, role: 'original-disk', ownName: false, expiresAt: PAST };

    it.each<[string, Partial<Known>, 'delete' | 'keep' | 'leave']>([
      ['that a record names, and is past', {}, 'delete'],
      ['that no record names', { kept: new Map([[ME, []]]) }, 'leave'],
      ['whose record is lost', { kept: new Map() }, 'leave'],
      ['whose record names another disk', { kept: new Map([[ME, [{ id: '/b', until: PAST }]]]) }, 'leave'],
      ['that its record keeps longer', { kept: new Map([[ME, [{ id: ID, until: LATER }]]]) }, 'keep'],
      ['while anything runs on its VM', { busy: new Set([ME]) }, 'keep'],
    ])('%s', (_what, more, fate) => {
      expect(fateOf(original, known(more)).fate).toBe(fate);
    });
  });

  it.each([
    ['of yesterday stays: it may run elsewhere', ME.replace('20260301', '20260309'), 'leave'],
    ['of last week goes', ME, 'delete'],
    ['whose age nobody knows stays', 'vm-1', 'leave'],
  ])('a copy of a remediation without a record %s', (_what, remediationId, fate) => {
    expect(fateOf({ ...FREE, remediationId }, known({ kept: new Map() })).fate).toBe(fate);
  });
});
