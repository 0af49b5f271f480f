import { readFileSync } from 'node:fs';
import { text as whole } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { MedicError } from '../../shared/errors.ts';
import { explain } from './explain.ts';

const USAGE = 'usage: node local/cli.ts explain <facts.json | output of a script | -> [--script] [--lun N]\n';
const LUN = /^([0-9]|[1-5][0-9]|6[0-3])$/;

/** Says what a guest's facts mean and what would be done about it; with `--script` prints the script that does it. */
export async function runExplain(words: readonly string[]): Promise<number> {
  const asked = readWords(words);
  if (!asked) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    const { output, errors, code } = explain(await read(asked.from), asked);
    process.stdout.write(output);
    process.stderr.write(errors);
    return code;
  } catch (error) {
    if (!(error instanceof MedicError) && !isMissingFile(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

interface Asked {
  readonly from: string;
  readonly script: boolean;
  readonly lun: number | undefined;
}

function readWords(words: readonly string[]): Asked | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { script: { type: 'boolean', default: false }, lun: { type: 'string' } },
    });
    const [from, ...more] = positionals;
    if (from === undefined || more.length > 0) return undefined;
    if (values.lun !== undefined && !LUN.test(values.lun)) return undefined;
    return { from, script: values.script, lun: values.lun === undefined ? undefined : Number(values.lun) };
  } catch {
    return undefined;
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
