import type { GuestAction } from '../../../../shared/model/guest-result.ts';
import type { AccessEntry, RegistryValue } from '../../../../lab/windows/disk.ts';
import type { Machine } from '../../../../lab/windows/machine.ts';

type Undo = (machine: Machine, action: GuestAction) => void | Promise<void>;

/** What an engineer does for each kind of change that a result line names, with what it names as before. */
const UNDO: Readonly<Record<string, Undo>> = {
  'set registry value': ({ registry }, { target, before }) => {
    const [key, name] = keyAndName(target);
    if (before === null) registry.deleteValue(key, name);
    else registry.set(key, name, typedLike(registry.get(key, name), before));
  },
  'set service start type': ({ services }, { target, before }) => {
    services.configure(target, { startType: startTypeOf(before) });
  },
  'start service': ({ services }, { target }) => services.stop(target, { force: true }),
  'stop service': ({ services }, { target }) => services.start(target),
  'restart service': () => undefined,
  'switch on firewall rule': ({ firewall }, { target }) => {
    firewall.set(target, { active: false });
  },
  'take ownership': ({ files }, { target, before }) => {
    // Nobody could read who it was: then it stays as it is.
    if (before !== null) files.setOwner(target, before);
  },
  'grant access': ({ files }, { target, after }) => {
    files.removeEntries(target, sidOf(after), 'allow');
  },
  'remove deny entry': ({ files }, { target, before }) => {
    const everything: AccessEntry['rights'] = 'F';
    files.deny(target, before ?? '', everything);
  },
};

/** Takes back the changes of an online repair, last in, first out, by nothing but its result line. */
export async function undoOnline(machine: Machine, actions: readonly GuestAction[]): Promise<void> {
  for (const action of actions.toReversed()) {
    const undo = UNDO[action.what];
    if (!undo) throw new Error(`nobody knows how to take back: ${action.what}`);
    await undo(machine, action);
  }
}

function keyAndName(target: string): [key: string, name: string] {
  const path = target.replace(/^HKLM:\\/, 'HKLM\\');
  const cut = path.lastIndexOf('\\');
  return [path.slice(0, cut), path.slice(cut + 1)];
}

function typedLike(value: RegistryValue | undefined, before: string): RegistryValue {
  if (value?.type === 'REG_DWORD') return { type: 'REG_DWORD', value: Number(before) >>> 0 };
  return { type: 'REG_SZ', value: before };
}

function startTypeOf(before: string | null): 'Automatic' | 'Manual' | 'Disabled' {
  if (before === 'Automatic' || before === 'Manual' || before === 'Disabled') return before;
  throw new Error(`no start type: ${before ?? 'none'}`);
}

/** `*S-1-5-18:F`. */
function sidOf(grant: string | null): string {
  return /^\*(S-[0-9-]+):/.exec(grant ?? '')?.[1] ?? '';
}
