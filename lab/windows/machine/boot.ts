import { bcdStorePath, parseDevice } from '../boot/loader.ts';
import type { GuestFile } from '../disk.ts';
import { lookUp, same, spelling } from '../lookup.ts';
import { fileAt, plainFile } from '../volume.ts';
import type { BcdElements, BootOps } from './disks-api.ts';
import { WIN32, WindowsError } from './errors.ts';
import { locate, locateWritable } from './paths.ts';
import type { Running } from './running.ts';

/** Objects that bcdedit makes when an element of theirs is set. */
const MADE_ON_DEMAND = ['{emssettings}', '{bootmgr}', '{dbgsettings}', '{hypervisorsettings}'];

type Store = NonNullable<GuestFile['bcd']>;

export function createBoot(running: Running): BootOps {
  const ownStore = (): GuestFile | undefined => {
    const place = bcdStorePath(running.osDisk);
    return place && fileAt(place.partition, place.path);
  };
  const fileOf = (path: string): GuestFile | undefined => {
    const { volume, path: inside } = locate(running, path);
    return fileAt(volume, inside);
  };
  const storeAt = (path: string | undefined): Store => {
    const file = path === undefined ? ownStore() : fileOf(path);
    if (!file?.bcd || file.damaged === true)
      throw new WindowsError(WIN32.fileNotFound, `there is no boot store ${path ?? 'of this machine'}`);
    return file.bcd;
  };
  const writableStore = (path: string | undefined): Store => {
    if (path !== undefined) locateWritable(running, path);
    return storeAt(path);
  };
  const target = (object: string, element: string): string => `${object} ${element}`;

  return {
    objects: (path) => {
      const { objects } = storeAt(path);
      return Object.fromEntries(
        Object.entries(objects).map(([name, elements]) => [name, withLetters(running, elements)]),
      );
    },
    setElement(object, element, value, path) {
      const { objects } = writableStore(path);
      const known = spelling(objects, object);
      if (known === undefined && !MADE_ON_DEMAND.some((name) => same(name, object)))
        throw new WindowsError(WIN32.fileNotFound, `there is no boot object ${object}`);
      running.gate({ what: 'boot.set', target: target(object, element) });
      const elements = (objects[known ?? object.toLowerCase()] ??= {});
      elements[spelling(elements, element) ?? element] = value;
    },
    osPartition(path) {
      const { objects } = storeAt(path);
      const loader = lookUp(objects, lookUp(objects['{bootmgr}'] ?? {}, 'default') ?? '') ?? {};
      return parseDevice(lookUp(loader, 'osdevice') ?? '')?.partition;
    },
    deleteElement(object, element, path) {
      const { objects } = writableStore(path);
      const elements = lookUp(objects, object);
      const spelled = elements && spelling(elements, element);
      if (!elements || spelled === undefined)
        throw new WindowsError(WIN32.fileNotFound, `${object} has no element ${element}`);
      running.gate({ what: 'boot.delete', target: target(object, element) });
      Reflect.deleteProperty(elements, spelled);
    },
    exportOwn(path) {
      const place = locateWritable(running, path);
      const store = storeAt(undefined);
      running.gate({ what: 'boot.export', target: path });
      place.volume.files[place.path] = plainFile({ kind: 'bcd', bcd: structuredClone(store) });
    },
    importOwn(path) {
      const source = storeAt(path);
      const own = ownStore();
      if (!own) throw new WindowsError(WIN32.fileNotFound, 'this machine has no boot store');
      running.gate({ what: 'boot.import', target: path });
      own.bcd = structuredClone(source);
    },
  };
}

/** bcdedit shows a partition by letter: that of its own Windows, whatever it has on this machine. */
function withLetters(running: Running, elements: BcdElements): BcdElements {
  return Object.fromEntries(
    Object.entries(elements).map(([name, value]) => {
      const device = parseDevice(value);
      if (!device) return [name, value];
      const disk = running.disks.find((attached) => same(attached.disk.identity, device.disk))?.disk;
      const partition = disk?.partitions.find(({ guid }) => same(guid, device.partition));
      if (!partition) return [name, 'unknown'];
      const shown =
        partition.ownLetter === undefined
          ? `\\Device\\HarddiskVolume${String(partition.number)}`
          : `${partition.ownLetter}:`;
      return [name, `partition=${shown}`];
    }),
  );
}
