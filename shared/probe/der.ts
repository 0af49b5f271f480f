/**
 * As much of DER (X.690) as CredSSP's messages take: tags of one byte, lengths of at most two. A library would read
 * any ASN.1 to any depth; what comes from an unknown host is better read by something that cannot.
 */
import { NlaError } from './nla-error.ts';

export const TAG = { integer: 0x02, octetString: 0x04, sequence: 0x30 } as const;

/** The tag of a constructed element `[number]`. */
export const contextTag = (number: number): number => 0xa0 | number;

interface Header {
  readonly tag: number;
  readonly headerLength: number;
  readonly contentLength: number;
}

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** What follows the element. */
  readonly rest: Uint8Array;
}

/**
 * How long the element is that starts with `bytes`, header and all, or `undefined` while too little of it has come.
 * @throws NlaError as soon as it cannot become a short element with this tag.
 */
export function elementLength(bytes: Uint8Array, tag: number): number | undefined {
  const [first] = bytes;
  if (first !== undefined && first !== tag) throw unexpected(first);
  const header = readHeader(bytes);
  return header && header.headerLength + header.contentLength;
}

/** The element that `bytes` start with. @throws NlaError where it is not whole, or not the one that is due. */
export function readElement(bytes: Uint8Array, tag?: number): Element {
  const header = readHeader(bytes);
  if (!header) throw new NlaError('an element of its answer is cut off');
  const end = header.headerLength + header.contentLength;
  if (end > bytes.length) throw new NlaError('an element of its answer is cut off');
  if (tag !== undefined && header.tag !== tag) throw unexpected(header.tag);
  return { tag: header.tag, content: bytes.subarray(header.headerLength, end), rest: bytes.subarray(end) };
}

/** An element around what is in it; for contents below 128 bytes, which is all that the probe says. */
export function encodeElement(tag: number, content: Uint8Array): Uint8Array {
  if (content.length > 127) throw new RangeError('the probe has no message of that length');
  return Buffer.concat([Uint8Array.of(tag, content.length), content]);
}

function readHeader([tag, length, high, low]: Uint8Array): Header | undefined {
  if (tag === undefined || length === undefined) return undefined;
  if (length < 0x80) return { tag, headerLength: 2, contentLength: length };
  if (length === 0x81) return high === undefined ? undefined : { tag, headerLength: 3, contentLength: high };
  if (length !== 0x82) throw new NlaError(`an element of its answer has a length of form ${hex(length)}`);
  if (high === undefined || low === undefined) return undefined;
  return { tag, headerLength: 4, contentLength: high * 256 + low };
}

function unexpected(tag: number): NlaError {
  return new NlaError(`its answer has tag ${hex(tag)} where CredSSP has another`);
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;
