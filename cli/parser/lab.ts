import { Argument, type Command } from 'commander';
import { BREAK_NAMES } from '../../lab/fleet/break-names.ts';
import { parsed, type Does } from './declare.ts';

/** `lab`: the simulated Azure alone, and what others do in it. */
export function addLab(program: Command, does: Does): void {
  const lab = program.command('lab').description('A simulated Azure with a fleet of broken VMs');
  does(
    lab
      .command('start')
      .description(
        'Run only the simulated Azure, for --local or any other Azure client; press Ctrl-C to stop',
      )
      .option('--speed <n>', 'clock speed relative to real time', '1'),
    async (_words, options) => {
      const { labOptionsSchema, runLab } = await import('../../local/demo/lab.ts');
      return runLab(parsed(labOptionsSchema, options));
    },
  );
  does(
    lab
      .command('break')
      .description('Break a VM in the running simulated Azure')
      .argument('<vm>', 'name of the VM')
      .addArgument(new Argument('<fault>', 'fault to inject').choices(BREAK_NAMES)),
    async ([vm = '', fault = '']) => (await import('../../local/demo/act.ts')).runBreak(vm, fault),
  );
  does(
    lab
      .command('act')
      .description('Act as another user of the simulated Azure; without arguments, list who did what')
      .argument('[deed...]', "such as 'deallocate on tls'"),
    async (words) => (await import('../../local/demo/act.ts')).runAct(words),
  );
}
