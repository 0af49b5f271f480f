import * as z from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const fieldSchema = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(scalar).optional(),
  const: scalar.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  get items(): z.ZodOptional<typeof fieldSchema> {
    return fieldSchema.optional();
  },
  get anyOf() {
    return z.array(fieldSchema).optional();
  },
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
});
export type Field = z.infer<typeof fieldSchema>;

/** A JSON schema, or a part of one. @throws ZodError for what is none */
export const parseField = (schema: unknown): Field => fieldSchema.parse(schema);

/** What a field may hold, as a table says it: `swap`, `rebuild`; number, 1 to 90; list of `restart`, `offline`. */
export function kindOf({ type, enum: allowed, const: only, anyOf, items, minimum, maximum }: Field): string {
  if (allowed) return allowed.map(code).join(', ');
  if (only !== undefined) return code(only);
  if (anyOf) return [...new Set(anyOf.map(kindOf))].join(', ');
  if (type === 'array') return items ? `list of ${kindOf(items)}` : 'list';
  if (type === 'boolean') return '`true`, `false`';
  const word = type === 'integer' || type === 'number' ? 'number' : (type ?? 'any');
  // Of a number without a bound of its own the schema has that of all integers.
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return bounded ? `${word}, ${String(minimum ?? 0)} to ${String(maximum)}` : word;
}

export const code = (value: unknown): string =>
  `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
