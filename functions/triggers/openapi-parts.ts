import * as z from 'zod';
import { ERRORS } from '../../shared/error-codes.ts';

export type Json = Record<string, unknown>;

const objectSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  required: z.array(z.string()).optional(),
});
/** The JSON schema of what a zod schema takes. */
export function schema(of: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(of, { io: 'input', unrepresentable: 'any' });
  return rest;
}

/** The parameters of a query. */
export function query(of: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = objectSchema.parse(schema(of));
  return Object.entries(properties).map(([name, field]) =>
    parameter('query', name, field, required.includes(name)),
  );
}

/** One parameter. */
export function parameter(place: string, name: string, fieldSchema: Json, required = place === 'path'): Json {
  return { in: place, name, required, schema: fieldSchema };
}

/** The id of a remediation, in the address. */
export function idParameter(): Json {
  return parameter('path', 'id', { type: 'string', description: 'Id of the remediation.' });
}

/** A body of JSON that must be there. */
export function body(of: Json): Json {
  return { required: true, content: { 'application/json': { schema: of } } };
}

/** An answer of JSON. */
export function content(description: string, of: Json): Json {
  return { description, content: { 'application/json': { schema: of } } };
}

/** The answer to a request for a repair. */
export function accepted(description: string, of: z.ZodType): Json {
  return {
    ...content(description, schema(of)),
    headers: {
      Location: { description: 'Where to follow the remediation.', schema: { type: 'string' } },
      'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
    },
  };
}

/** Answers that are problem details. */
export function problems(...codes: (keyof typeof ERRORS)[]): Json {
  return Object.fromEntries(
    codes.map((code) => [
      ERRORS[code].status,
      {
        description: ERRORS[code].meaning,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
