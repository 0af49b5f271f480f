import type { GuestAction } from '../../../shared/model/guest-result.ts';
import { softwareHiveOf, systemHiveOf, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import type { GuestDisk, RegistryValue } from '../../../lab/windows/disk.ts';
import { deleteHiveValue, hiveValue, setHiveValue } from '../../../lab/windows/hive.ts';
import { BROKEN_DISKS, diskOf } from './causes.ts';
import { putBackCopies } from './put-back.ts';
import { attachToRescue } from './rescue.ts';

/**
 * Repairs of values in a registry; a deleted certificate and permissions have their own way back. A listener
 * written anew is more values than a result line holds: they all stand in the output above it.
 */
const BY_VALUES = BROKEN_DISKS.filter(
  ({ script, what }) =>
    !['offline/rdp-certificate', 'offline/machine-keys'].includes(script) && what !== 'the listener is gone',
);

/** Writes back what an action names as before, as its help says. */
function undo(disk: GuestDisk, { what, target, before }: GuestAction): void {
  expect(what).toMatch(/^(set|remove) registry value$/);
  const [, hiveName, path = ''] = /^HKLM:\\RdpMedic(System|Software)\\(.+)$/.exec(target) ?? [];
  const hive = hiveName === 'System' ? systemHiveOf(disk) : softwareHiveOf(disk);
  const key = path.slice(0, path.lastIndexOf('\\'));
  const name = path.slice(path.lastIndexOf('\\') + 1);
  if (before === null) deleteHiveValue(hive, key, name);
  else setHiveValue(hive, key, name, typedLike(hiveValue(hive, key, name), before));
}

function typedLike(value: RegistryValue | undefined, text: string): RegistryValue {
  if (value?.type === 'REG_DWORD') return { type: 'REG_DWORD', value: Number(text) >>> 0 };
  return value?.type === 'REG_SZ' ? { type: 'REG_SZ', value: text } : { type: 'REG_MULTI_SZ', value: [] };
}

/** Values alone: keys that a repair made may stay behind, empty. */
function valuesOf(disk: GuestDisk): unknown {
  return [systemHiveOf(disk), softwareHiveOf(disk)].map((hive) =>
    Object.fromEntries(Object.entries(hive).filter(([, values]) => Object.keys(values).length > 0)),
  );
}

describe('what an offline script did is undone', () => {
  it.each(BY_VALUES)('by the values its result names as before: $script, $what', async (broken) => {
    const original = broken.make();
    const disk = structuredClone(original);
    const rescue = await attachToRescue(disk);
    const { actions } = await rescue.run(broken.script, broken.parameters);
    await rescue.close();
    expect(valuesOf(disk)).not.toEqual(valuesOf(original));
    for (const action of actions.toReversed()) undo(disk, action);
    expect(valuesOf(disk)).toEqual(valuesOf(original));
  });

  it.each([
    ...BROKEN_DISKS.filter(({ script }) => script !== 'offline/machine-keys'),
    { what: 'generation 2', script: 'offline/serial-console', parameters: {}, make: () => diskOf('healthy') },
    {
      what: 'generation 1',
      script: 'offline/serial-console',
      parameters: {},
      make: () => diskOf('rdp-firewall'),
    },
  ])('by the copies that lie on the rescue VM: $script, $what', async ({ script, parameters, make }) => {
    const original = make();
    const disk = structuredClone(original);
    const rescue = await attachToRescue(disk);
    const { machine } = rescue;
    await rescue.run(script, parameters);
    expect(disk).not.toEqual(original);

    putBackCopies(machine, disk);
    await rescue.close();
    expect(disk).toEqual(original);
  });

  it('permissions: by the owner its result names, where anybody could read it', async () => {
    const broken = BROKEN_DISKS.find(({ what }) => what === 'an entry denies SYSTEM the key');
    const disk = broken?.make() ?? diskOf('machine-keys');
    const original = structuredClone(disk);
    const rescue = await attachToRescue(disk);
    const { actions } = await rescue.run('offline/machine-keys');
    await rescue.close();
    const [taken] = actions.filter(({ what }) => what === 'take ownership');
    const path = taken?.target.slice('F:'.length) ?? '';
    expect(taken?.before).toBe(windowsVolume(original).files[path]?.owner);
    expect(windowsVolume(disk).files[path]?.owner).toBe(taken?.after);
  });
});
