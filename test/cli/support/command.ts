import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const MAIN = join(ROOT, 'cli/main.ts');

export interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

/** Runs the command line to its end where nobody sits: both streams are pipes. */
export async function run(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: ROOT,
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = [child.stdout, child.stderr].map((stream) => {
    const parts: string[] = [];
    stream.on('data', (part: Buffer) => parts.push(part.toString()));
    return parts;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output!.join(''), errors: errors!.join('') };
}

/** A person at a terminal. */
export interface Terminal {
  /** Everything that was shown so far, without colours and cursor moves. */
  screen(): string;
  /** Waits until something is shown after what was waited for last. @throws Error where the command ends before */
  until(shown: RegExp): Promise<void>;
  type(keys: string): void;
  ended(): Promise<number | null>;
}

export const CTRL_C = '\x03';
/** Shorter than a test may take, so that it ends with what was shown instead. */
const SHOWN_WITHIN_MS = 240_000;

/** `script` of util-linux gives a command a terminal of its own. */
const HAS_TERMINAL = String(spawnSync('script', ['--version']).stdout).includes('util-linux');

/** A test with a person at a terminal, which takes a program that gives one. */
export function inTerminal(name: string, body: () => Promise<void>): void {
  if (HAS_TERMINAL) it(name, body);
  else it.skip(`${name} (skipped: no script of util-linux)`, body);
}

/** Runs the command line, or another program, in a terminal. */
export function openTerminal(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  program: string = MAIN,
): Terminal {
  const command = `stty cols 100 rows 40; exec ${[process.execPath, program, ...words].map(quoted).join(' ')}`;
  const child: ChildProcess = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: ROOT,
    env: { ...cleanEnv(env), TERM: 'xterm-256color', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let seenTo = 0;
  let code: number | null | undefined;
  child.stdout?.on('data', (part: Buffer) => {
    shown += part.toString();
  });
  const ended = once(child, 'close').then(([ending]) => {
    code = typeof ending === 'number' ? ending : null;
    return code;
  });
  const screen = (): string => stripVTControlCharacters(shown);
  return {
    screen,
    async until(wanted) {
      for (const limit = Date.now() + SHOWN_WITHIN_MS; Date.now() < limit;) {
        const found = wanted.exec(screen().slice(seenTo));
        if (found) {
          seenTo += found.index + found[0].length;
          return;
        }
        if (code !== undefined) break;
        await sleep(50);
      }
      throw new Error(`${String(wanted)} was not shown:\n${screen()}`);
    },
    type: (keys) => void child.stdin?.write(keys),
    ended: () => ended,
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Without what the test run itself is told by. */
function cleanEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, NODE_COMPILE_CACHE, ...env };
}
