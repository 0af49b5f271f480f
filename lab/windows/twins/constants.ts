import * as z from 'zod';

/** A constant that the causes put into a script: a twin reads what it was *sent*, so that both judge by the same text. */
export function constantOf(text: string, name: string): unknown {
  const start = new RegExp(`^\\$script:${name} = ConvertFrom-Json -InputObject @'\\r?\\n(.*)\\r?\\n'@`, 'm');
  const json = start.exec(text)?.[1];
  if (json === undefined) throw new Error(`the script has no constant ${name}`);
  return JSON.parse(json);
}

const querySchema = z.array(
  z.object({ hive: z.enum(['system', 'software']), path: z.string(), names: z.array(z.string()) }),
);
export type QueryRow = z.infer<typeof querySchema>[number];

/** Which registry values are read. @throws Error for a text without it */
export function queryOf(text: string): QueryRow[] {
  return querySchema.parse(constantOf(text, 'RegistryQuery'));
}
