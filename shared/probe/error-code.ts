import * as z from 'zod';

const codedErrorSchema = z.object({ code: z.string() });

/** The code of a network or OpenSSL error: stable words, unlike messages. */
export function errorCode(error: unknown): string {
  const coded = codedErrorSchema.safeParse(error);
  return coded.success ? coded.data.code : 'without a code';
}
