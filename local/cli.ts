/** `npm run demo` and `npm start`: the whole service on one machine, before a simulated Azure; `lab`: that alone. */
import { runDemo } from './demo/demo.ts';
import { runLab } from './demo/lab.ts';
import { runStart } from './demo/start.ts';

const COMMANDS: Readonly<Record<string, () => Promise<number>>> = {
  demo: runDemo,
  start: runStart,
  lab: runLab,
};

const [name = ''] = process.argv.slice(2);
const command = COMMANDS[name];
if (command) {
  process.exitCode = await command();
} else {
  process.stderr.write(`usage: node local/cli.ts ${Object.keys(COMMANDS).join(' | ')}\n`);
  process.exitCode = 2;
}
