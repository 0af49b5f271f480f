/** CredSSP's one message, TSRequest ([MS-CSSP] 2.2.1), as far as a client needs it that never logs on. Pure. */
import { contextTag, elementLength, encodeElement, readElement, TAG } from './der.ts';
import { NlaError } from './nla-error.ts';

/** A challenge takes a few hundred bytes; this leaves room for the longest names. */
const LONGEST = 16 * 1024;

/** What current clients speak; a server answers with its own version, and either goes on with the lower one. */
const VERSION = 6;

const FIELD = { version: contextTag(0), negoTokens: contextTag(1), errorCode: contextTag(4) } as const;
const NEGO_TOKEN = contextTag(0);

export interface TsRequest {
  /** SPNEGO or NTLM message. */
  readonly token?: Uint8Array;
  /** NTSTATUS, unsigned ([MS-ERREF] 2.3). */
  readonly errorCode?: number;
}

/** A TSRequest that carries one short token. */
export function encodeTsRequest(token: Uint8Array): Uint8Array {
  const version = encodeElement(FIELD.version, encodeElement(TAG.integer, Uint8Array.of(VERSION)));
  const item = encodeElement(TAG.sequence, encodeElement(NEGO_TOKEN, encodeElement(TAG.octetString, token)));
  const negoTokens = encodeElement(FIELD.negoTokens, encodeElement(TAG.sequence, item));
  return encodeElement(TAG.sequence, Buffer.concat([version, negoTokens]));
}

/**
 * How long the TSRequest is that starts with `bytes`, or `undefined` while too little of it has come.
 * @throws NlaError as soon as it cannot become one of a sensible length: a reader never stores more.
 */
export function tsRequestLength(bytes: Uint8Array): number | undefined {
  const length = elementLength(bytes, TAG.sequence);
  if (length !== undefined && length > LONGEST) {
    throw new NlaError(`its answer announces ${String(length)} bytes`);
  }
  return length;
}

/** Reads one whole TSRequest. @throws NlaError for anything else. */
export function decodeTsRequest(bytes: Uint8Array): TsRequest {
  const { content, rest } = readElement(bytes, TAG.sequence);
  if (rest.length > 0) throw new NlaError('it sends more than one message at once');
  const version = readElement(content, FIELD.version);
  readElement(version.content, TAG.integer);
  let request: TsRequest = {};
  for (let left = version.rest; left.length > 0;) {
    const field = readElement(left);
    left = field.rest;
    if (field.tag === FIELD.negoTokens) request = { ...request, token: firstToken(field.content) };
    if (field.tag === FIELD.errorCode) request = { ...request, errorCode: statusCode(field.content) };
  }
  return request;
}

function firstToken(negoData: Uint8Array): Uint8Array {
  const items = readElement(negoData, TAG.sequence).content;
  const item = readElement(items, TAG.sequence).content;
  return readElement(readElement(item, NEGO_TOKEN).content, TAG.octetString).content;
}

/** The low 32 bits: an NTSTATUS comes with or without the zero that tells DER it is positive. */
function statusCode(bytes: Uint8Array): number {
  const { content } = readElement(bytes, TAG.integer);
  if (content.length === 0 || content.length > 5) throw new NlaError('its error code is not an NTSTATUS');
  return content.reduce((sum, byte) => ((sum << 8) | byte) >>> 0, 0);
}
