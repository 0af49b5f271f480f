import { z } from 'zod';

/** Anything JSON can say. */
export type JsonValue =
  string | number | boolean | null | undefined | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = Record<string, JsonValue>;

/** Schema of a part that is stored and given back but never looked into. */
export const json: z.ZodType<JsonValue> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** A JSON copy, without what `undefined` leaves out. */
export function toJson(value: unknown): JsonValue {
  return z.json().parse(JSON.parse(JSON.stringify(value ?? null)));
}
