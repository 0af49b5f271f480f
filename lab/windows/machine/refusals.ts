import type { GuestDisk } from '../disk.ts';
import { same } from '../lookup.ts';
import type { Change } from '../machine.ts';
import { WIN32, WindowsError } from './errors.ts';

/** Throws when a quirk of the disk refuses the change. */
export function requireAllowed({ quirks }: GuestDisk, { what, target }: Change): void {
  const refusal = quirks?.refusals?.find(
    (one) => one.what === what && (one.target === undefined || same(one.target, target)),
  );
  if (refusal) throw new WindowsError(refusal.code ?? WIN32.accessDenied, `${what} of ${target} is refused`);
}

/** Whether the disk refuses the change whatever it is made to. */
export function refuses({ quirks }: GuestDisk, what: string): boolean {
  return quirks?.refusals?.some((one) => one.what === what && one.target === undefined) === true;
}
