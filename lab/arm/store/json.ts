import * as z from 'zod';

/** Anything JSON can say. */
export type JsonValue =
  string | number | boolean | null | undefined | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = Record<string, JsonValue>;

/** Schema of a part that is stored and given back but never looked into; `z.json()` takes ten times as long. */
export const json: z.ZodType<JsonValue> = z.custom<JsonValue>(isJson);
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

function isJson(value: unknown): value is JsonValue {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  return value === null || Object.values(value).every(isJson);
}

/** What lies at a path of member names; `undefined` where there is nothing. */
export function at(value: JsonValue, ...path: string[]): JsonValue {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    found = found[name];
  }
  return found;
}

/** A copy of an object, as `toJson`; an empty one for anything else. */
export function toJsonObject(value: unknown): JsonObject {
  const copy = toJson(value);
  return typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? copy : {};
}

/**
 * A copy as JSON would have it, without what `undefined` leaves out. Its texts are those of the original: written out and read again, each
 * copy of a script would be a text of its own.
 * @throws TypeError for what JSON cannot say
 */
export function toJson(value: unknown): JsonValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') throw new TypeError(`JSON has no ${typeof value}.`);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Date) return value.toJSON();
  const copy: JsonObject = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = toJson(member);
  return copy;
}
