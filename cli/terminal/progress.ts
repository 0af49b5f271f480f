import ora from 'ora';
import { duration } from '../../local/terminal/screen.ts';

/** What is shown while something goes on: on a terminal what is done now, with a spinner and the time; elsewhere lines alone. */
export interface Progress {
  /** Where it is shown; colours go where the stream shows them. */
  readonly stream: NodeJS.WriteStream;
  /** Keeps lines, above whatever is going on. */
  say(...lines: string[]): void;
  /** What is done now, until something else is; off a terminal only what is new is told. */
  now(what: string): void;
  /** Nothing is done any more. */
  stop(): void;
}

/**
 * Progress is for people and goes to the error stream: the standard one holds the result alone, which may be piped.
 */
export function openProgress(): Progress {
  const stream = process.stderr;
  // A terminal that does not say how wide it is has no place to draw upon.
  return stream.isTTY && stream.columns > 0 ? onTerminal(stream) : inLines(stream);
}

function onTerminal(stream: NodeJS.WriteStream): Progress {
  // Ctrl-C is ours: it says how to go on.
  const spinner = ora({ stream, discardStdin: false, hideCursor: true });
  let what = '';
  let since = 0;
  let ticking: NodeJS.Timeout | undefined;
  const show = (): void => {
    spinner.text = `${what} (${duration(Date.now() - since)})`;
  };
  return {
    stream,
    say: sayOn(stream),
    now(next) {
      if (next !== what) {
        what = next;
        since = Date.now();
      }
      show();
      if (!spinner.isSpinning) spinner.start();
      ticking ??= setInterval(show, 1000).unref();
    },
    stop() {
      clearInterval(ticking);
      ticking = undefined;
      what = '';
      spinner.stop();
    },
  };
}

function inLines(stream: NodeJS.WriteStream): Progress {
  let last = '';
  return {
    stream,
    say: sayOn(stream),
    now(what) {
      if (what !== last) stream.write(`${what}\n`);
      last = what;
    },
    stop: () => undefined,
  };
}

/** In one piece: a spinner draws itself anew below each piece that is written. */
function sayOn(stream: NodeJS.WriteStream): Progress['say'] {
  return (...lines) => void stream.write(lines.map((line) => `${line}\n`).join(''));
}
