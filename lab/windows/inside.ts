import type { BootFailure } from './boot/loader.ts';
import type { Guest } from './guest.ts';
import type { ChangeHook, Machine } from './machine.ts';
import type { Running } from './machine/running.ts';

/** What lies behind a guest of this factory: for tests, and for another guest on its network. */
export interface Inside {
  /** Windows as SYSTEM sees it; `undefined` unless it runs. A restart makes a new one. */
  machine(): Machine | undefined;
  running(): Running | undefined;
  /** Why it is stuck. */
  failure(): BootFailure | undefined;
  /** As `Machine.onChange`, across restarts. */
  onChange(hook: ChangeHook): () => void;
}

const insides = new WeakMap<Guest, Inside>();

export function registerInside(guest: Guest, inside: Inside): void {
  insides.set(guest, inside);
}

/** What lies behind a guest; `undefined` for one that is no Windows of this lab. */
export function findInside(guest: Guest): Inside | undefined {
  return insides.get(guest);
}

/** Looks into a guest. Throws for one that another factory made. */
export function insideOf(guest: Guest): Inside {
  const inside = findInside(guest);
  if (!inside) throw new TypeError('not a guest of the Windows lab');
  return inside;
}
