import { MACHINE_KEYS } from '../../../lab/windows/certificates/store.ts';
import { fileOf, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { rdpKeyPath } from '../../../lab/fleet/faults/certificate.ts';
import { lockMachineKeys } from '../../../lab/fleet/faults/machine-keys.ts';
import type { AccessEntry, GuestDisk, GuestFile } from '../../../lab/windows/disk.ts';
import { itFailsWithPwsh } from './support/pwsh.ts';
import { faultsOf, onVm } from './support/vm.ts';

const ORPHAN = 'S-1-5-21-1-2-3-1104';
const OTHER_KEY = `${MACHINE_KEYS}\\7a436fe806e483969f48a894af2fe9a1_3fc1a7b2-0000-4000-8000-000000000001`;
const RUNBOOK_GRANTS: AccessEntry[] = [
  { sid: 'S-1-5-32-544', rights: 'F', type: 'allow' },
  { sid: 'S-1-5-18', rights: 'F', type: 'allow' },
  { sid: 'S-1-5-20', rights: 'R', type: 'allow' },
];

/** A key of other software, with this list of permissions. */
function addOtherKey(disk: GuestDisk, acl: AccessEntry[]): void {
  const key: GuestFile = { kind: 'key', owner: ORPHAN, inherits: false, acl, key: { pem: 'of others' } };
  windowsVolume(disk).files[OTHER_KEY] = key;
}

describe('MachineKeys', () => {
  it('gets owner and grants by SID on a German Windows', async () => {
    await onVm('machine-keys', {}, async (vm) => {
      await vm.run('online/machine-keys');
      for (const path of [MACHINE_KEYS, rdpKeyPath(vm.disk)]) {
        const { owner, acl } = fileOf(vm.disk, path);
        expect(owner).toBe('S-1-5-32-544');
        expect(acl).toEqual(expect.arrayContaining(RUNBOOK_GRANTS));
      }
    });
  });

  it('loses an entry that denies', async () => {
    const deny = (disk: GuestDisk): void => {
      fileOf(disk, rdpKeyPath(disk)).acl.push({ sid: 'S-1-5-20', rights: 'R', type: 'deny' });
    };
    await onVm('healthy', { faults: [deny] }, async (vm) => {
      const { remaining, actions } = await vm.run('online/machine-keys');
      expect(remaining).toEqual([]);
      expect(actions.map(({ what }) => what)).toContain('remove deny entry');
    });
  });

  it('leaves a key of other software as it is while SYSTEM can read it', async () => {
    const add = (disk: GuestDisk): void => {
      addOtherKey(disk, [{ sid: 'S-1-5-18', rights: 'F', type: 'allow' }]);
    };
    await onVm('machine-keys', { faults: [add] }, async (vm) => {
      const before = structuredClone(fileOf(vm.disk, OTHER_KEY));
      await vm.run('online/machine-keys');
      expect(fileOf(vm.disk, OTHER_KEY)).toEqual(before);
    });
  });

  it('makes a key of other software readable again, and never deletes one', async () => {
    const add = (disk: GuestDisk): void => {
      addOtherKey(disk, [{ sid: ORPHAN, rights: 'F', type: 'allow' }]);
    };
    await onVm('healthy', { faults: [lockMachineKeys, add] }, async (vm) => {
      await vm.run('online/machine-keys');
      expect(fileOf(vm.disk, OTHER_KEY)).toMatchObject({
        acl: expect.arrayContaining(RUNBOOK_GRANTS),
        key: { pem: 'of others' },
      });
      expect(faultsOf((await vm.run('online/diagnose')).findings)).toEqual([]);
    });
  });

  itFailsWithPwsh('prints the permissions before and after, in the language of the system', async () => {
    await onVm('machine-keys', { engine: 'pwsh' }, async (vm) => {
      const { stdout } = await vm.execute('online/machine-keys');
      const [, before = '', after = ''] = stdout.split(/^--- permissions (?:before|after)$/m);
      expect(before).not.toContain('Netzwerkdienst');
      expect(after).toContain('NT-AUTORITÄT\\Netzwerkdienst:(R)');
      expect(after).toContain('S-1-5-32-544');
    });
  });
});
