import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { MedicError } from '../errors.ts';
import type { Change } from '../model/change.ts';
import type { GuestTask } from '../model/guest-run.ts';

/** The parameters of a guest script: texts of a safe alphabet, for Run Command passes nothing else whole. */
export type GuestParameters = Record<string, string>;

/** Where a script works, and by which number its answer is known. */
export interface GuestPlace {
  /** 32 hex digits of this run alone. */
  readonly nonce: string;
  readonly scope: 'online' | 'offline';
  /** Where the disk is attached to the rescue VM; offline only. */
  readonly lun?: number;
  /** Whether that disk is a copy to rehearse on, which is marked as one. */
  readonly rehearsal?: true | undefined;
}

/** What the scripts take, and refuse beyond. */
const MOST_CHANGES = 64;
const MOST_BYTES = 64 * 1024;
const LONGEST_CHANGES = 5_600;
/** A command line of Windows holds 8,191 characters, of which the path of the script and names of parameters are some. */
const LONGEST_TOGETHER = 6_000;
const NONCE = /^[0-9a-f]{32}$/;
const VALUES = /^[A-Za-z0-9+/=._-]*$/;

/** @throws MedicError `Internal` for a place that is none */
export function collectParameters(place: GuestPlace): GuestParameters {
  return checked({ ...placed(place), Text: 'no' });
}

/**
 * The changes as `apply` takes them, and the hash it will answer with.
 * @throws MedicError `Internal` for more than the script takes, or a place that is none
 */
export function applyParameters(
  place: GuestPlace,
  changes: readonly Change[],
  {
    lookFirst = false,
    tested = false,
  }: { lookFirst?: boolean | undefined; tested?: boolean | undefined } = {},
): { parameters: GuestParameters; hash: string } {
  const json = JSON.stringify(changes);
  if (changes.length > MOST_CHANGES || Buffer.byteLength(json) > MOST_BYTES)
    throw tooMany(`${String(changes.length)} changes of ${String(json.length)} characters`);
  const packed = gzipSync(json, { level: 9 }).toString('base64');
  if (packed.length > LONGEST_CHANGES)
    throw tooMany(`changes of ${String(packed.length)} characters, packed`);
  const parameters = checked({
    ...placed(place),
    Text: 'no',
    Changes: packed,
    Undo: '',
    Recipe: '',
    LookFirst: lookFirst ? 'yes' : 'no',
    Tested: tested ? 'yes' : 'no',
  });
  return { parameters, hash: hashOf(json) };
}

/**
 * Has `apply` take back what an earlier run of it wrote, by that run's number.
 * @throws MedicError `Internal` for a number that is none, and for a disk, whose copy is thrown away instead
 */
export function undoParameters(place: GuestPlace, nonce: string): GuestParameters {
  if (!NONCE.test(nonce)) throw new MedicError('Internal', 'The run to undo has no number.');
  if (place.scope === 'offline') throw new MedicError('Internal', 'A copy of a disk is deleted, not undone.');
  return checked({
    ...placed(place),
    Text: 'no',
    Changes: '',
    Undo: nonce,
    Recipe: '',
    LookFirst: 'no',
    Tested: 'no',
  });
}

/** What a task comes to: its parameters, and the hash that its answer must bear (empty where it carries no changes). */
export function taskParameters(
  task: GuestTask,
  nonce: string,
): { parameters: GuestParameters; hash: string } {
  switch (task.script) {
    case 'collect':
      return { parameters: collectParameters({ nonce, ...task.windows }), hash: '' };
    case 'apply':
      return task.undo === undefined
        ? applyParameters({ nonce, ...task.windows }, task.changes, task)
        : { parameters: undoParameters({ nonce, ...task.windows }, task.undo), hash: '' };
    case 'peer-certificate':
      return { parameters: peerParameters(nonce, task.computer, task.thumbprints), hash: '' };
  }
}

function hashOf(json: string): string {
  return createHash('sha256').update(json).digest('hex').toUpperCase();
}

function placed({ nonce, scope, lun, rehearsal }: GuestPlace): GuestParameters {
  const isRight =
    scope === 'offline'
      ? Number.isInteger(lun) && lun !== undefined && lun >= 0 && lun <= 63
      : lun === undefined;
  if (!NONCE.test(nonce) || !isRight)
    throw new MedicError('Internal', 'A guest script has no place to work at.');
  return {
    Nonce: nonce,
    Scope: scope,
    Lun: lun === undefined ? '' : String(lun),
    Copy: rehearsal ? 'rehearsal' : '',
  };
}

function checked(parameters: GuestParameters): GuestParameters {
  const values = Object.values(parameters);
  if (!values.every((value) => VALUES.test(value)))
    throw new MedicError(
      'Internal',
      'A parameter of a guest script has characters that Run Command changes.',
    );
  const length = Object.entries(parameters).reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    0,
  );
  if (length > LONGEST_TOGETHER) throw tooMany(`parameters of ${String(length)} characters`);
  return parameters;
}

function tooMany(what: string): MedicError {
  return new MedicError('Internal', `This exceeds what a guest script can take at once: ${what}.`);
}

/**
 * What a peer needs to delete certificates of another VM.
 * @throws MedicError `Internal` for a run without a number
 */
export function peerParameters(
  nonce: string,
  computer: string,
  thumbprints: readonly string[],
): GuestParameters {
  if (!NONCE.test(nonce)) throw new MedicError('Internal', 'A guest script has no place to work at.');
  return checked({ Nonce: nonce, Computer: computer, Thumbprints: thumbprints.join('.') });
}
