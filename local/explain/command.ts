import { readFileSync } from 'node:fs';
import { text as whole } from 'node:stream/consumers';
import * as z from 'zod';
import { MedicError } from '../../shared/errors.ts';
import { explain } from './explain.ts';

/** LUNs of a data disk: 0 to 63. */
export const explainOptionsSchema = z.object({
  script: z.boolean().default(false),
  lun: z.coerce.number('is not a number').int().min(0).max(63).optional(),
});

/**
 * Says what a guest's facts mean and what would be done about it; with `script` prints the script that does it.
 * @param from path of a file; `-` for standard input
 */
export async function runExplain(
  from: string,
  { script, lun }: z.infer<typeof explainOptionsSchema>,
): Promise<number> {
  try {
    const { output, errors, code } = explain(await read(from), { script, lun });
    process.stdout.write(output);
    process.stderr.write(errors);
    return code;
  } catch (error) {
    if (!(error instanceof MedicError) && !isMissingFile(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function read(from: string): Promise<string> {
  return from === '-' ? whole(process.stdin) : decoded(readFileSync(from));
}

/** `>` of Windows PowerShell writes UTF-16. */
export function decoded(bytes: Buffer): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isWide ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
}

function isMissingFile(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
