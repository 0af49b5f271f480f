import { z } from 'zod';

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

/** An object made of JSON; an empty one for anything else. */
export function toJsonObject(value: unknown): JsonObject {
  return jsonObject.safeParse(JSON.parse(JSON.stringify(value ?? null))).data ?? {};
}

/** A JSON copy, without what `undefined` leaves out. */
export function toJson(value: unknown): JsonValue {
  return json.parse(JSON.parse(JSON.stringify(value ?? null)));
}
