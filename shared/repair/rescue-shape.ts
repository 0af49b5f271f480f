import { MedicError } from '../errors.ts';
import type { RescueShape, RescueShapes } from '../model/rescue-shape.ts';
import { saysNoRoom } from './capacity.ts';

/**
 * The types of the rescue VM's OS disk, the cheapest that is not a hard disk first: Windows on one takes minutes longer to boot, and those
 * are no OS disks for long (learn.microsoft.com, disks-types; hdd-os-disk-retirement).
 */
export const RESCUE_DISK_TYPES = ['StandardSSD_LRS', 'Premium_LRS', 'StandardSSD_ZRS'] as const;

/** The shape to begin with. */
export function firstShape({ sizes: [size = ''], diskTypes: [diskType = ''] }: RescueShapes): RescueShape {
  return { size, diskType };
}

/** A size that Azure does not know, or that does not go with what the broken VM asks for. */
const NOT_THAT_SIZE = /^InvalidParameter\b/;

/**
 * What to try after a refusal: another size where Azure has no room for this one; where a policy denies it, which may be for its disk or its
 * size, another type of disk first, and then another size. `undefined` where nothing else would help.
 */
export function nextShape(
  { sizes, diskTypes }: RescueShapes,
  { size, diskType }: RescueShape,
  error: unknown,
): RescueShape | undefined {
  if (!(error instanceof MedicError)) return undefined;
  const nextSize = sizes[sizes.indexOf(size) + 1];
  if (error.code === 'PolicyDenied') {
    const isFirst = size === sizes[0];
    const nextType = isFirst ? diskTypes[diskTypes.indexOf(diskType) + 1] : undefined;
    if (nextType !== undefined) return { size, diskType: nextType };
    const [cheapest = diskType] = diskTypes;
    return nextSize === undefined ? undefined : { size: nextSize, diskType: isFirst ? cheapest : diskType };
  }
  const isForAnother = saysNoRoom(error.message) || NOT_THAT_SIZE.test(error.message);
  return isForAnother && nextSize !== undefined ? { size: nextSize, diskType } : undefined;
}
