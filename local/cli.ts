/**
 * `npm run demo` and `npm start`: the whole service on one machine, before a simulated Azure; `lab`: that alone; `act`:
 * somebody else does something to the Azure that runs; `explain`: what a guest's facts mean, without any of it.
 */
import { runAct } from './demo/act.ts';
import { runDemo } from './demo/demo.ts';
import { runLab } from './demo/lab.ts';
import { runStart } from './demo/start.ts';
import { runExplain } from './explain/command.ts';

const COMMANDS: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  demo: runDemo,
  start: runStart,
  lab: runLab,
  act: runAct,
  explain: runExplain,
};

const [name = '', ...words] = process.argv.slice(2);
const command = COMMANDS[name];
if (command) {
  process.exitCode = await command(words);
} else {
  process.stderr.write(`usage: node local/cli.ts ${Object.keys(COMMANDS).join(' | ')}\n`);
  process.exitCode = 2;
}
