import { GUEST_SCRIPTS } from '../../../shared/catalog/guest-scripts.ts';
import { comparableDisk } from '../online/support/comparable.ts';
import { faultsOf } from '../online/support/vm.ts';
import { BROKEN_DISKS, diskOf } from './causes.ts';
import { attachToRescue, bootAndConnect } from './rescue.ts';

const CAUSE_SCRIPTS = [...new Set(BROKEN_DISKS.map(({ script }) => script))];
const HELPERS = ['offline/serial-console', 'offline/crash-dump', 'offline/release-disk'];

describe('offline repair', () => {
  it.each(BROKEN_DISKS)('mends a disk: $what ($script)', async ({ make, script, parameters, faults }) => {
    const disk = make();
    const rescue = await attachToRescue(disk);
    const diagnosis = await rescue.run('offline/diagnose');
    expect(faultsOf(diagnosis.findings).toSorted()).toEqual(faults.toSorted());

    const repair = await rescue.run(script, parameters);
    expect(repair).toMatchObject({ ok: true, changed: true, remaining: [], error: null });
    const again = await rescue.run(script, parameters);
    expect(again).toMatchObject({ ok: true, changed: false, actions: [] });

    expect((await rescue.run('offline/release-disk')).ok).toBe(true);
    await rescue.close();
    const connection = await bootAndConnect(disk);
    expect(connection).toMatchObject({ answers: true });
  });

  it.each(CAUSE_SCRIPTS)('leaves a healthy disk as it is: %s', async (script) => {
    const disk = diskOf('healthy');
    const before = structuredClone(disk);
    const rescue = await attachToRescue(disk);
    const result = await rescue.run(script);
    expect(result).toMatchObject({ ok: true, changed: false, findings: [], actions: [] });
    expect(disk).toEqual(before);
    await rescue.close();
  });

  it.each(['tls-agent-not-ready', 'healthy'])(
    'prepares a disk for the serial console and dumps: %s',
    async (vm) => {
      const disk = diskOf(vm);
      const rescue = await attachToRescue(disk);
      for (const id of HELPERS) {
        expect(await rescue.run(id)).toMatchObject({ ok: true, changed: true, remaining: [] });
        expect(await rescue.run(id)).toMatchObject({ ok: true, changed: false });
      }
      const store = disk.partitions
        .flatMap(({ files }) => Object.values(files))
        .find(({ kind }) => kind === 'bcd');
      expect(store?.bcd?.objects).toMatchObject({
        '{bootmgr}': { displaybootmenu: 'Yes', timeout: '5', bootems: 'Yes' },
        '{emssettings}': { emsport: '1', emsbaudrate: '115200' },
        [store?.bcd?.objects['{bootmgr}']?.['default'] ?? 'no loader']: { ems: 'Yes' },
      });
      await rescue.close();
    },
  );

  it('says the same of a disk whatever was run before', async () => {
    const disk = diskOf('tls');
    const rescue = await attachToRescue(disk);
    const first = await rescue.run('offline/diagnose');
    const before = comparableDisk(disk);
    expect(await rescue.run('offline/diagnose')).toEqual(first);
    expect(comparableDisk(disk)).toEqual(before);
    await rescue.close();
  });

  it('has a disk to break for every offline script that changes anything', () => {
    const offline = GUEST_SCRIPTS.filter(({ id, changes }) => id.startsWith('offline/') && changes).map(
      ({ id }) => id,
    );
    expect(offline.toSorted()).toEqual([...CAUSE_SCRIPTS, ...HELPERS].toSorted());
  });
});
