import { same } from '../lookup.ts';
import { fileAt } from '../volume.ts';
import type { HiveOps } from './disks-api.ts';
import { WIN32, WindowsError } from './errors.ts';
import { isInUse } from './in-use.ts';
import { locateWritable } from './paths.ts';
import type { Running } from './running.ts';

const OWN_ROOTS = ['system', 'software', 'sam', 'security', 'hardware', 'bcd00000000'];

export function createHives(running: Running): HiveOps {
  const { hives } = running;
  return {
    loaded: () => [...hives.values()].map(({ name, path }) => ({ name, path })),
    load(name, path) {
      const { disk, volume, path: inside } = locateWritable(running, path);
      const file = fileAt(volume, inside);
      if (!file) throw new WindowsError(WIN32.fileNotFound, `there is no file ${path}`);
      if (hives.has(name.toLowerCase()) || OWN_ROOTS.some((root) => same(root, name)))
        throw new WindowsError(WIN32.accessDenied, `HKLM\\${name} is taken`);
      if (isInUse(running, file)) throw new WindowsError(WIN32.sharingViolation, `${path} is in use`);
      if (!file.hive || file.damaged === true)
        throw new WindowsError(WIN32.registryCorrupt, `${path} is not a hive that can be read`);
      running.gate({ what: 'hive.load', target: path });
      const heldUntil = running.now() + (running.osDisk.quirks?.hiveHeldSeconds ?? 0) * 1_000;
      hives.set(name.toLowerCase(), {
        name,
        path,
        disk,
        file,
        hive: file.hive,
        openHandle: false,
        heldUntil,
      });
    },
    unload(name) {
      const loaded = hives.get(name.toLowerCase());
      if (!loaded) throw new WindowsError(WIN32.fileNotFound, `HKLM\\${name} is not loaded`);
      if (loaded.openHandle || running.now() < loaded.heldUntil)
        throw new WindowsError(WIN32.accessDenied, `a handle into HKLM\\${name} is still open`);
      running.gate({ what: 'hive.unload', target: loaded.path });
      hives.delete(name.toLowerCase());
    },
    collectHandles() {
      for (const loaded of hives.values()) loaded.openHandle = false;
    },
  };
}
