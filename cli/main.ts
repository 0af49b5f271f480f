import { CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { paint } from '../local/terminal/screen.ts';
import { PACKAGE_ROOT } from '../shared/package-root.ts';
import { CommandError } from './command-error.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { createProgram } from './parser/program.ts';

const packageSchema = z.object({ version: z.string() });
const { version } = packageSchema.parse(JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')));

/** Runs the command that the words say. Gives back the exit code. */
async function main(words: readonly string[]): Promise<number> {
  let ended: number = EXIT_CODES.done.code;
  const program = createProgram(version, (code) => {
    ended = code;
  });
  if (words[0] === 'complete') {
    (await import('./completion.ts')).answerShell(program, words.slice(1));
    return ended;
  }
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)])
    command.exitOverride();
  try {
    await program.parseAsync(words, { from: 'user' });
    return ended;
  } catch (error) {
    return tell(error);
  }
}

/** Tells what ended a command. Gives back the exit code. */
function tell(error: unknown): number {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  // The parser has told it itself; help that was asked for is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage.code;
  if (error instanceof z.ZodError) {
    for (const { path, message } of error.issues) say(`${path.join('.')}: ${message}`);
    return EXIT_CODES.usage.code;
  }
  if (error instanceof CommandError) {
    say(
      error.ending === 'interrupted'
        ? `\n${error.message}`
        : `${paint('red', 'Error', process.stderr)}: ${error.message}`,
    );
    if (error.next !== '') say(error.next);
    return EXIT_CODES[error.ending].code;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT_CODES.failed.code;
}

process.exitCode = await main(process.argv.slice(2));
// Connections that are kept open for a further call would keep the process as well; what was printed goes out first.
process.stdout.write('', () => {
  process.stderr.write('', () => process.exit());
});
