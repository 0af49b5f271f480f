import type { BootElementFact } from '../../../../shared/model/facts.ts';
import { lookUp } from '../../lookup.ts';
import type { Reading } from '../facts.ts';
import { requireWmi } from '../failure.ts';

const ELEMENTS: readonly Pick<BootElementFact, 'object' | 'element'>[] = [
  { object: 'bootmgr', element: 'displaybootmenu' },
  { object: 'bootmgr', element: 'timeout' },
  { object: 'bootmgr', element: 'bootems' },
  { object: 'emssettings', element: 'emsport' },
  { object: 'emssettings', element: 'emsbaudrate' },
  { object: 'loader', element: 'ems' },
];
const SWITCHES: readonly string[] = ['displaybootmenu', 'bootems', 'ems'];

export function readBoot({ machine, windows }: Reading): BootElementFact[] {
  const { scope, bootStore } = windows;
  if (scope === 'offline' && bootStore === '')
    throw new Error('BootStoreNotFound: no partition of the disk holds a boot configuration store');
  requireWmi(machine);
  const objects = machine.boot.objects(bootStore === '' ? undefined : bootStore);
  const loader = lookUp(objects['{bootmgr}'] ?? {}, 'default');
  if (loader === undefined) throw new Error('BootLoaderNotFound: the boot manager names no default loader');
  const ids = { bootmgr: '{bootmgr}', emssettings: '{emssettings}', loader };
  return ELEMENTS.map(({ object, element }) => {
    const value = lookUp(lookUp(objects, ids[object]) ?? {}, element);
    return { object, element, value: value === undefined ? null : shown(element, value) };
  });
}

function shown(element: string, value: string): string {
  return SWITCHES.includes(element) ? String(/^(yes|on|true)$/i.test(value)) : value;
}
