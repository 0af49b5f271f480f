import * as z from 'zod';
import { lookUp, same } from '../lookup.ts';
import type { Machine } from '../machine.ts';
import { WindowsError } from '../machine/errors.ts';
import { failure, lines, textOf, type CommandSet, type Output } from './command.ts';
import { offsetOf } from './storage.ts';

/** Well-known objects by GUID (BCD reference): WMI takes no names. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  '{9dea862c-5cdd-4e70-acc1-f32b344d4795}': '{bootmgr}',
  '{0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9}': '{emssettings}',
};

/** Elements by type: bcdedit's name, and the property WMI gives the value in. */
const ELEMENTS: Readonly<Record<number, readonly [name: string, property: 'Boolean' | 'Integer' | 'Id']>> = {
  0x23000003: ['default', 'Id'],
  0x25000004: ['timeout', 'Integer'],
  0x26000020: ['displaybootmenu', 'Boolean'],
  0x16000020: ['bootems', 'Boolean'],
  0x15000022: ['emsport', 'Integer'],
  0x15000023: ['emsbaudrate', 'Integer'],
  0x260000b0: ['ems', 'Boolean'],
};

/** bcdedit takes and shows booleans as words. */
const WORDS: Readonly<Record<string, string>> = {
  yes: 'Yes',
  on: 'Yes',
  true: 'Yes',
  no: 'No',
  off: 'No',
  false: 'No',
};

const storeSchema = z.looseObject({ FilePath: z.string() });
const objectSchema = z.looseObject({ StoreFilePath: z.string(), Id: z.string() });

/** Methods of the WMI classes `BcdStore` and `BcdObject` (`root\WMI`). */
function callBcd(machine: Machine, method: string, target: unknown, given: Record<string, unknown>): Output {
  const absent = { ReturnValue: false };
  switch (method) {
    case 'OpenStore': {
      const path = z.string().parse(given['File']);
      machine.boot.objects(path === '' ? undefined : path);
      return { ReturnValue: true, Store: { FilePath: path } };
    }
    case 'OpenObject': {
      const { FilePath } = storeSchema.parse(target);
      const id = z.string().parse(given['Id']);
      const isThere = elementsOf(machine, FilePath, id) !== undefined;
      return isThere ? { ReturnValue: true, Object: { StoreFilePath: FilePath, Id: id } } : absent;
    }
    case 'GetElement': {
      const { StoreFilePath, Id } = objectSchema.parse(target);
      const [name, property] = ELEMENTS[z.coerce.number().parse(given['Type'])] ?? [];
      const value =
        name === undefined ? undefined : lookUp(elementsOf(machine, StoreFilePath, Id) ?? {}, name);
      if (value === undefined || property === undefined) return absent;
      return { ReturnValue: true, Element: { [property]: typed(property, value) } };
    }
    case 'GetElementWithFlags': {
      const { StoreFilePath, Id } = objectSchema.parse(target);
      const isDefault = Id === lookUp(elementsOf(machine, StoreFilePath, '{bootmgr}') ?? {}, 'default');
      const isDevice = z.coerce.number().parse(given['Type']) === OS_DEVICE;
      if (!isDefault || !isDevice) return absent;
      const partition = machine.boot.osPartition(StoreFilePath === '' ? undefined : StoreFilePath);
      if (partition === undefined) return absent;
      return {
        ReturnValue: true,
        Element: { Device: { PartitionIdentifier: identifierOf(machine, partition) } },
      };
    }
    default:
      throw new WindowsError(87, `The lab's BCD provider has no method ${method}.`);
  }
}

/** BcdOSLoaderDevice_OSDevice. */
const OS_DEVICE = 0x21000001;

/** BcdDeviceQualifiedPartitionData: a GUID on a GPT disk, the offset on an MBR one. */
function identifierOf({ storage }: Machine, guid: string): string {
  const partitions = storage.disks().flatMap(({ number }) => storage.partitions(number));
  const found = partitions.find((partition) => same(partition.guid, guid));
  return found && found.gptType === undefined ? String(offsetOf(found)) : guid;
}

function elementsOf(machine: Machine, path: string, id: string): Record<string, string> | undefined {
  const objects = machine.boot.objects(path === '' ? undefined : path);
  return lookUp(objects, WELL_KNOWN[id.toLowerCase()] ?? id);
}

function typed(property: 'Boolean' | 'Integer' | 'Id', value: string): Output {
  if (property === 'Boolean') return WORDS[value.toLowerCase()] === 'Yes';
  return property === 'Integer' ? Number(value) : value;
}

export const bootCommands: CommandSet = {
  commands: {
    'Invoke-CimMethod': (machine, args) =>
      callBcd(
        machine,
        textOf(args, 'methodName'),
        args['inputObject'],
        z.record(z.string(), z.unknown()).parse(args['arguments'] ?? {}),
      ),
  },
  throughWmi: ['Invoke-CimMethod'],
  programs: {
    'bcdedit.exe': (machine, args) => {
      const [path, rest] = args[0] === '/store' ? [args[1], args.slice(2)] : [undefined, args];
      try {
        return bcdedit(machine, path, rest)
          ? lines('The operation completed successfully.')
          : failure(1, 'Invalid command line.');
      } catch (error) {
        if (error instanceof WindowsError) return failure(1, error.message);
        throw error;
      }
    },
  },
};

/** False for a command line it does not know. */
function bcdedit({ boot }: Machine, path: string | undefined, args: readonly string[]): boolean {
  const [verb = '', ...rest] = args;
  const set = (object: string, element: string, value: string): void => {
    boot.setElement(object, element, WORDS[value.toLowerCase()] ?? value, path);
  };
  const [first, second, third] = rest;
  switch (verb.toLowerCase()) {
    case '/set':
      if (first === undefined || second === undefined || third === undefined) return false;
      set(first, second, third);
      return true;
    case '/ems':
    case '/bootems':
      if (first === undefined || second === undefined) return false;
      set(first, verb.slice(1).toLowerCase(), second);
      return true;
    case '/emssettings':
      for (const setting of rest) {
        const [name = '', value] = setting.split(':');
        if (value === undefined || !['emsport', 'emsbaudrate'].some((known) => same(known, name)))
          return false;
        set('{emssettings}', name.toLowerCase(), value);
      }
      return true;
    case '/deletevalue':
      if (first === undefined || second === undefined) return false;
      boot.deleteElement(first, second, path);
      return true;
    default:
      return false;
  }
}
