import { Argument, type Command } from 'commander';
import { BREAK_NAMES } from '../../lab/fleet/break-names.ts';
import { parsed, type Does } from './declare.ts';

/** `lab`: the simulated Azure alone, and what others do in it. */
export function addLab(program: Command, does: Does): void {
  const lab = program.command('lab').description('A simulated Azure with a broken fleet');
  does(
    lab
      .command('start')
      .description('Run the simulated Azure alone, for --local or any client of Azure; press Ctrl-C to stop')
      .option('--speed <n>', 'how much faster than real time its clock runs', '1'),
    async (_words, options) => {
      const { labOptionsSchema, runLab } = await import('../../local/demo/lab.ts');
      return runLab(parsed(labOptionsSchema, options));
    },
  );
  does(
    lab
      .command('break')
      .description('Break a VM of the simulated Azure that runs')
      .argument('<vm>', 'its name')
      .addArgument(new Argument('<fault>', 'by what').choices(BREAK_NAMES)),
    async ([vm = '', fault = '']) => (await import('../../local/demo/act.ts')).runBreak(vm, fault),
  );
  does(
    lab
      .command('act')
      .description('Act as somebody else on the simulated Azure; without words, tell who did what')
      .argument('[deed...]', "such as 'deallocate on tls'"),
    async (words) => (await import('../../local/demo/act.ts')).runAct(words),
  );
}
