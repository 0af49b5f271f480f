import { isUtf8 } from 'node:buffer';
import { visit } from 'jsonc-parser';
import { problem, type Result } from '../errors.ts';

/** Azure Monitor sends at most 256 KB an alert; nothing that we take is larger. */
export const MAX_BODY_BYTES = 256 * 1024;
/** Published payloads nest some ten levels deep. */
export const MAX_DEPTH = 32;
/** Keys that reach an object's prototype when a careless merge meets them. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

class Refusal extends Error {}

/**
 * Reads a body as strict JSON: UTF-8, no duplicate keys, no prototype keys, not too large, not too deep.
 * `JSON.parse` alone would let the last of two equal keys win, so that what was checked upstream may not
 * be what is done here. Problems: `BodyTooLarge`, `BodyNotJson`.
 */
export function parseJson(body: Uint8Array | string): Result<unknown> {
  const bytes = Buffer.from(body);
  if (bytes.byteLength > MAX_BODY_BYTES) {
    return refuse(
      'BodyTooLarge',
      `The body is ${bytes.byteLength} bytes long; the limit is ${MAX_BODY_BYTES}.`,
    );
  }
  if (!isUtf8(bytes)) return refuse('BodyNotJson', 'The body is not valid UTF-8.');
  try {
    // The decoder drops a byte order mark, which Windows PowerShell likes to send.
    const text = new TextDecoder().decode(bytes);
    const value: unknown = JSON.parse(text);
    checkStructure(text);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof Refusal) return refuse('BodyNotJson', error.message);
    if (error instanceof SyntaxError) return refuse('BodyNotJson', 'The body is not valid JSON.');
    throw error;
  }
}

/** Walks the text, not the parsed value: only the text still knows that a key came twice. */
function checkStructure(text: string): void {
  const keys: Set<string>[] = [];
  let depth = 0;
  const enter = (): void => {
    depth += 1;
    if (depth > MAX_DEPTH) throw new Refusal(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  };
  visit(text, {
    onObjectBegin: () => {
      enter();
      keys.push(new Set());
    },
    onObjectProperty: (key, offset) => {
      if (PROTOTYPE_KEYS.has(key)) throw new Refusal(`A key at offset ${offset} is a reserved word.`);
      const seen = keys.at(-1);
      if (seen?.has(key)) throw new Refusal(`A key is duplicated in an object at offset ${offset}.`);
      seen?.add(key);
    },
    onObjectEnd: () => {
      keys.pop();
      depth -= 1;
    },
    onArrayBegin: enter,
    onArrayEnd: () => {
      depth -= 1;
    },
  });
}

/** Whether a Content-Type header says JSON: `application/json`, or a `+json` type, whatever its parameters. */
export function isJsonContentType(header: string | null | undefined): boolean {
  const type = (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type);
}

function refuse(code: 'BodyTooLarge' | 'BodyNotJson', message: string): Result<never> {
  return { ok: false, problem: problem(code, message) };
}
