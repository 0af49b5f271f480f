import { z } from 'zod';

/** Anything JSON can say. */
export type JsonValue =
  string | number | boolean | null | undefined | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = Record<string, JsonValue>;

/** Schema of a part that is stored and given back but never looked into. */
export const json: z.ZodType<JsonValue> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

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
  return z.record(z.string(), z.json()).safeParse(JSON.parse(JSON.stringify(value ?? null))).data ?? {};
}

/** A JSON copy, without what `undefined` leaves out. */
export function toJson(value: unknown): JsonValue {
  return z.json().parse(JSON.parse(JSON.stringify(value ?? null)));
}
