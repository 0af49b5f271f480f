import type { GuestFile, Sid } from '../disk.ts';
import type { FileOps, FileView } from '../machine.ts';
import {
  allows,
  childrenOf,
  fileAt,
  isDirectory,
  mayDelete,
  maySee,
  nameOf,
  parentOf,
  plainFile,
  removeFile,
  sizeOf,
  spelledPath,
} from '../volume.ts';
import { WIN32, WindowsError } from './errors.ts';
import { isInUse } from './in-use.ts';
import { locate, locateWritable, type FilePlace } from './paths.ts';
import { createPermissions } from './permissions.ts';
import type { Running } from './running.ts';

const DIRECTORY_NOT_EMPTY = 145;
/** No such drive or folder, or a volume without a file system. */
const ABSENT: readonly number[] = [WIN32.pathNotFound, WIN32.unrecognizedVolume];

export function createFiles(running: Running, principal: Sid): FileOps {
  const demand = (place: FilePlace, path: string): GuestFile => {
    const file = fileAt(place.volume, place.path);
    if (!file) throw new WindowsError(WIN32.fileNotFound, `there is no file ${path}`);
    return file;
  };
  /** Where the path leads, when something is there. */
  const find = (path: string): FilePlace | undefined => {
    try {
      const place = locate(running, path);
      const isThere = fileAt(place.volume, place.path) ?? isDirectory(place.volume, place.path);
      return isThere ? place : undefined;
    } catch (error) {
      if (error instanceof WindowsError && ABSENT.includes(error.code)) return undefined;
      throw error;
    }
  };
  const requireParent = ({ volume, path }: FilePlace, right: 'write'): void => {
    const parent = parentOf(path);
    if (!isDirectory(volume, parent))
      throw new WindowsError(WIN32.pathNotFound, `there is no folder ${parent}`);
    if (!allows(volume, parent, principal, right)) throw denied(path);
  };
  const put = ({ volume, path }: FilePlace, file: GuestFile): void => {
    volume.files[spelledPath(volume, path) ?? path] = file;
  };

  return {
    ...createPermissions(running, principal),
    exists: (path) => {
      const place = find(path);
      return place !== undefined && maySee(place.volume, place.path, principal);
    },
    testPath(path) {
      const place = find(path);
      if (place && !maySee(place.volume, place.path, principal)) throw denied(path);
      return place !== undefined;
    },
    get(path) {
      const seen = view(running, path);
      const { volume, path: inside } = locate(running, path);
      if (seen && !maySee(volume, inside, principal)) throw denied(path);
      return seen;
    },
    peek: (path) => view(running, path),
    list(path) {
      const { volume, path: inside } = locate(running, path);
      if (!isDirectory(volume, inside))
        throw new WindowsError(WIN32.pathNotFound, `there is no folder ${path}`);
      if (!allows(volume, inside, principal, 'read')) throw denied(path);
      return childrenOf(volume, inside);
    },
    readText(path) {
      const place = locate(running, path);
      const file = demand(place, path);
      if (!allows(place.volume, place.path, principal, 'read')) throw denied(path);
      return file.text ?? '';
    },
    writeText(path, text) {
      const place = locateWritable(running, path);
      const existing = fileAt(place.volume, place.path);
      if (existing) {
        if (!allows(place.volume, place.path, principal, 'write')) throw denied(path);
      } else requireParent(place, 'write');
      requireSpace(place);
      running.gate({ what: 'file.write', target: path });
      put(place, existing ? { ...existing, text } : plainFile({ kind: 'text', text }, principal));
    },
    makeDirectory(path) {
      const place = locateWritable(running, path);
      if (isDirectory(place.volume, place.path)) return;
      requireParent(place, 'write');
      requireSpace(place);
      running.gate({ what: 'file.make-directory', target: path });
      put(place, plainFile({ kind: 'directory' }, principal));
    },
    move(from, to) {
      const source = locateWritable(running, from);
      const target = locateWritable(running, to);
      const file = demand(source, from);
      requireIdle(running, file, from);
      if (!mayDelete(source.volume, source.path, principal)) throw denied(from);
      if (fileAt(target.volume, target.path)) throw new WindowsError(WIN32.alreadyExists, `${to} exists`);
      requireParent(target, 'write');
      running.gate({ what: 'file.move', target: from });
      removeFile(source.volume, source.path);
      put(target, file);
    },
    copy(from, to) {
      const source = locate(running, from);
      const target = locateWritable(running, to);
      const file = demand(source, from);
      requireIdle(running, file, from);
      if (!allows(source.volume, source.path, principal, 'read')) throw denied(from);
      const existing = fileAt(target.volume, target.path);
      if (existing) {
        requireIdle(running, existing, to);
        if (!allows(target.volume, target.path, principal, 'write')) throw denied(to);
      } else requireParent(target, 'write');
      requireSpace(target);
      running.gate({ what: 'file.copy', target: to });
      const { owner, inherits, acl } = existing ?? plainFile({ kind: file.kind }, principal);
      put(target, { ...structuredClone(file), owner, inherits, acl });
    },
    remove(path) {
      const { volume, path: inside } = locateWritable(running, path);
      const file = fileAt(volume, inside);
      if (!file) throw new WindowsError(WIN32.fileNotFound, `there is no file ${path}`);
      requireIdle(running, file, path);
      if (childrenOf(volume, inside).length > 0)
        throw new WindowsError(DIRECTORY_NOT_EMPTY, `the folder ${path} is not empty`);
      if (!mayDelete(volume, inside, principal)) throw denied(path);
      running.gate({ what: 'file.remove', target: path });
      removeFile(volume, inside);
    },
  };
}

function requireSpace({ disk, path }: FilePlace): void {
  if (disk.disk.quirks?.diskFull === true)
    throw new WindowsError(WIN32.diskFull, `there is no space for ${path}`);
}

function denied(path: string): WindowsError {
  return new WindowsError(WIN32.accessDenied, `access to ${path} is denied`);
}

function requireIdle(running: Running, file: GuestFile, path: string): void {
  if (isInUse(running, file)) throw new WindowsError(WIN32.sharingViolation, `${path} is in use`);
}

function view(running: Running, path: string): FileView | undefined {
  const { volume, path: inside } = locate(running, path);
  const spelled = spelledPath(volume, inside) ?? (isDirectory(volume, inside) ? inside : undefined);
  if (spelled === undefined) return undefined;
  const file = fileAt(volume, spelled);
  return {
    path: `${path.slice(0, 2)}${spelled}`,
    name: nameOf(spelled),
    isDirectory: isDirectory(volume, spelled),
    size: file && file.kind !== 'directory' ? sizeOf(file) : 0,
    damaged: file?.damaged === true || file?.key?.damaged === true,
  };
}
