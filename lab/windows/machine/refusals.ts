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
