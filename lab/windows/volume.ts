import type { AccessEntry, GuestFile, GuestPartition, Sid } from './disk.ts';
import { childNames, lookUp, same, spelling } from './lookup.ts';
import { SID, tokenOf } from './sids.ts';

/** Paths inside a volume start with a backslash; its root is the empty path, which has no entry of its own. */
export function fileAt(volume: GuestPartition, path: string): GuestFile | undefined {
  return lookUp(volume.files, path);
}

/** The path as spelled on the disk. */
export function spelledPath(volume: GuestPartition, path: string): string | undefined {
  return spelling(volume.files, path);
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('\\')));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

/** Whether a folder is there: written down, or because something below it is. */
export function isDirectory(volume: GuestPartition, path: string): boolean {
  const file = fileAt(volume, path);
  return file ? file.kind === 'directory' : path === '' || childrenOf(volume, path).length > 0;
}

export function childrenOf(volume: GuestPartition, path: string): string[] {
  return childNames(
    Object.keys(volume.files).map((file) => file.slice(1)),
    path.slice(1),
  );
}

type Right = 'read' | 'write' | 'delete' | 'delete-child' | 'permissions';

const GRANTS: Record<AccessEntry['rights'], readonly Right[]> = {
  F: ['read', 'write', 'delete', 'delete-child', 'permissions'],
  M: ['read', 'write', 'delete'],
  RX: ['read'],
  R: ['read'],
  W: ['write'],
  RW: ['read', 'write'],
};

/** What a volume's root hands down, as a fresh Windows has it. */
const ROOT_ENTRIES: readonly AccessEntry[] = [
  { sid: SID.system, rights: 'F', type: 'allow' },
  { sid: SID.administrators, rights: 'F', type: 'allow' },
  { sid: SID.users, rights: 'RX', type: 'allow' },
];

/** Entries that come from above. */
export function inheritedEntries(volume: GuestPartition, path: string): AccessEntry[] {
  const file = fileAt(volume, path);
  if (path === '' || file?.inherits === false) return [];
  const parent = parentOf(path);
  if (parent === '') return [...ROOT_ENTRIES];
  // What is said of children alone holds for the child itself.
  const own = (fileAt(volume, parent)?.acl ?? []).map(({ sid, rights, type }) => ({ sid, rights, type }));
  return [...own, ...inheritedEntries(volume, parent)];
}

/**
 * Whether the account has a right on a file: own entries before inherited ones, in each of them denials first.
 * The owner may always read and change the permissions, nothing more.
 */
export function allows(volume: GuestPartition, path: string, principal: Sid, right: Right): boolean {
  const token = tokenOf(principal);
  const file = fileAt(volume, path);
  if (right === 'permissions' && file && token.has(file.owner)) return true;
  const order = (entries: readonly AccessEntry[]): AccessEntry[] =>
    entries.toSorted((a, b) => Number(b.type === 'deny') - Number(a.type === 'deny'));
  const own = (file?.acl ?? []).filter(({ scope }) => scope !== 'children');
  const entries = [...order(own), ...order(inheritedEntries(volume, path))];
  const decisive = entries.find((entry) => token.has(entry.sid) && GRANTS[entry.rights].includes(right));
  return decisive?.type === 'allow';
}

/** Deleting takes the right on the file, or full control of its folder (delete child). */
export function mayDelete(volume: GuestPartition, path: string, principal: Sid): boolean {
  return (
    allows(volume, path, principal, 'delete') || allows(volume, parentOf(path), principal, 'delete-child')
  );
}

/** Whether a file can be seen at all: its folder may be listed, or it may itself be read. */
export function maySee(volume: GuestPartition, path: string, principal: Sid): boolean {
  return (
    path === '' ||
    allows(volume, parentOf(path), principal, 'read') ||
    allows(volume, path, principal, 'read')
  );
}

/** Reading a descriptor: the owner, and whoever may read anything of the file. */
export function mayReadDescriptor(volume: GuestPartition, path: string, principal: Sid): boolean {
  const owner = fileAt(volume, path)?.owner;
  return (
    (owner !== undefined && tokenOf(principal).has(owner)) ||
    allows(volume, path, principal, 'read') ||
    allows(volume, path, principal, 'permissions')
  );
}

export function removeFile(volume: GuestPartition, path: string): void {
  const spelled = spelledPath(volume, path);
  if (spelled !== undefined) Reflect.deleteProperty(volume.files, spelled);
}

/** A file that only has what comes from above. */
export function plainFile(
  content: Omit<GuestFile, 'owner' | 'inherits' | 'acl'>,
  owner: Sid = SID.system,
): GuestFile {
  return { ...content, owner, inherits: true, acl: [] };
}

/** A stable size in bytes, the same for the same content. */
export function sizeOf(file: GuestFile): number {
  const { text, hive, bcd, key } = file;
  return Buffer.byteLength(text ?? JSON.stringify(hive ?? bcd ?? key?.pem ?? ''));
}

/** The volume's file whose path ends with this, such as the hive of a Windows wherever it lies. */
export function partitionWith(
  partitions: readonly GuestPartition[],
  path: string,
): GuestPartition | undefined {
  return partitions.find((partition) => Object.keys(partition.files).some((file) => same(file, path)));
}
