import type { AccessEntry, GuestFile, Sid } from '../disk.ts';
import type { FileOps, SecurityView } from '../machine.ts';
import { parseSddl, toSddl, type Descriptor } from '../sddl.ts';
import { wait } from '../services/control.ts';
import { SID, tokenOf } from '../sids.ts';
import { allows, fileAt, inheritedEntries, isDirectory, mayReadDescriptor, plainFile } from '../volume.ts';
import { WIN32, WindowsError } from './errors.ts';
import { locate, locateWritable } from './paths.ts';
import type { Running } from './running.ts';

type PermissionOps = Pick<
  FileOps,
  | 'acl'
  | 'sddl'
  | 'setSddl'
  | 'canRead'
  | 'setAcl'
  | 'grant'
  | 'deny'
  | 'removeEntries'
  | 'setInheritance'
  | 'takeOwnership'
  | 'setOwner'
>;

/** Which rights a grant already contains. */
const COVERS: Record<AccessEntry['rights'], readonly AccessEntry['rights'][]> = {
  F: ['F', 'M', 'RX', 'R', 'W', 'RW'],
  M: ['M', 'RX', 'R', 'W', 'RW'],
  RW: ['R', 'W', 'RW'],
  RX: ['R', 'RX'],
  R: ['R'],
  W: ['W'],
};

export function createPermissions(running: Running, principal: Sid): PermissionOps {
  const denied = (path: string): WindowsError =>
    new WindowsError(WIN32.accessDenied, `access to ${path} is denied`);
  /** Makes a change; a folder only known by its content gets an entry of its own with it. */
  const alter = (
    what: string,
    path: string,
    mayAlter: () => boolean,
    make: (file: GuestFile) => void,
  ): void => {
    const { volume, path: inside } = locateWritable(running, path);
    const known = fileAt(volume, inside);
    if (!known && (inside === '' || !isDirectory(volume, inside)))
      throw new WindowsError(WIN32.fileNotFound, `there is no file ${path}`);
    if (!mayAlter()) throw denied(path);
    running.gate({ what: `file.${what}`, target: path });
    const file = known ?? plainFile({ kind: 'directory' });
    if (!known) volume.files[inside] = file;
    make(file);
  };
  const change = (what: string, path: string, make: (file: GuestFile) => void): void => {
    const { volume, path: inside } = locate(running, path);
    alter(what, path, () => allows(volume, inside, principal, 'permissions'), make);
  };
  // Administrators and SYSTEM hold the privileges to take and to give ownership.
  const own = (what: string, path: string, sid: Sid): void => {
    const privileged = (): boolean => tokenOf(principal).has(SID.administrators);
    alter(what, path, privileged, (file) => {
      file.owner = sid;
    });
  };

  const read = (path: string): SecurityView => {
    wait(running, running.osDisk.quirks?.secondsPerDescriptor ?? 0);
    const { volume, path: inside } = locate(running, path);
    if (inside !== '' && !fileAt(volume, inside) && !isDirectory(volume, inside))
      throw new WindowsError(WIN32.fileNotFound, `there is no file ${path}`);
    const { owner, inherits, acl } = fileAt(volume, inside) ?? plainFile({ kind: 'directory' });
    if (!mayReadDescriptor(volume, inside, principal)) throw denied(path);
    return {
      owner,
      inherits,
      entries: structuredClone(acl),
      inherited: structuredClone(inheritedEntries(volume, inside)),
    };
  };
  const setEntries = (path: string, entries: readonly AccessEntry[], inherits: boolean): void => {
    change('set-acl', path, (file) => {
      file.acl = structuredClone([...entries]);
      file.inherits = inherits;
    });
  };

  return {
    acl: read,
    sddl(path) {
      const { volume, path: inside } = locate(running, path);
      return toSddl(read(path), isDirectory(volume, inside));
    },
    setSddl(path, sddl) {
      const { owner, entries, inherits } = parse(sddl);
      if (owner !== undefined && owner !== read(path).owner) own('set-owner', path, owner);
      if (entries) setEntries(path, entries, inherits);
    },
    canRead(path, sid) {
      const { volume, path: inside } = locate(running, path);
      return allows(volume, inside, sid, 'read');
    },
    setAcl(path, { entries, inherits }) {
      setEntries(path, entries, inherits);
    },
    grant(path, sid, rights, { replace = false } = {}) {
      change('grant', path, (file) => {
        const entry: AccessEntry = { sid, rights, type: 'allow' };
        const ofSid = file.acl.filter((one) => one.sid === sid && one.type === 'allow');
        if (!replace && ofSid.some((one) => COVERS[one.rights].includes(rights))) return;
        const superseded = (one: AccessEntry): boolean =>
          ofSid.includes(one) && (replace || COVERS[rights].includes(one.rights));
        file.acl = [...file.acl.filter((one) => !superseded(one)), entry];
      });
    },
    deny(path, sid, rights) {
      change('deny', path, (file) => {
        file.acl = [{ sid, rights, type: 'deny' }, ...file.acl];
      });
    },
    removeEntries(path, sid, type) {
      change('remove-entries', path, (file) => {
        file.acl = file.acl.filter((one) => one.sid !== sid || (type !== undefined && one.type !== type));
      });
    },
    setInheritance(path, inherits) {
      change('set-inheritance', path, (file) => {
        file.inherits = inherits;
      });
    },
    takeOwnership: (path) => {
      own('take-ownership', path, SID.administrators);
    },
    setOwner: (path, sid) => {
      own('set-owner', path, sid);
    },
  };
}

function parse(sddl: string): Descriptor {
  try {
    return parseSddl(sddl);
  } catch (error) {
    if (error instanceof RangeError) throw new WindowsError(WIN32.invalidParameter, error.message);
    throw error;
  }
}
