/**
 * Everything that is checked without running it (`npm run check`): as many checks at a time as there are processors,
 * the longest first. Prints what each had to say; fails if one of them does.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { availableParallelism } from 'node:os';

const waiting = ['lint', 'types', 'format:check', 'arrows', 'unused'];

/** Runs a script of package.json. Gives back whether it succeeded. */
async function passes(script: string): Promise<boolean> {
  const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  process.stdout.write(`${script}: ${code === 0 ? 'ok' : 'failed'}\n${out}${errors}`);
  return code === 0;
}

async function work(): Promise<void> {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift())
    if (!(await passes(script))) process.exitCode = 1;
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
