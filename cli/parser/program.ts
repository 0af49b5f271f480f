import { Argument, Command, Option } from 'commander';
import { modeSchema } from '../../shared/model/request.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { parsed, VM, withWay, type Does } from './declare.ts';
import { addLab } from './lab.ts';
import { addRemediations } from './remediations.ts';

/** Called with the exit code once a command has ended. */
export type OnEnd = (code: number) => void;

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/**
 * Every command with its words: help, shell completion and docs/how-to-use-the-command-line.md are made of this. What a command does is
 * loaded when it is called, so that help and completion answer at once.
 */
export function createProgram(version: string, onEnd: OnEnd): Command {
  const program = new Command('rdp-medic')
    .description('Repairs Azure Windows VMs whose Remote Desktop says "An internal error has occurred".')
    .version(version)
    .showHelpAfterError('(run rdp-medic --help for a list of commands)')
    .addHelpText('after', `\n${exitCodeText()}`);

  const does: Does = (command, run) =>
    command.action(async () => {
      const ended = await run(command.args, command.opts());
      onEnd(typeof ended === 'number' ? ended : EXIT_CODES[ended].code);
    });

  addRemediations(program, does);

  const policy = program.command('policy').description('Query the policy');
  does(
    withWay(policy.command('explain'), 'Explain, rule by rule, whether a VM would be repaired now')
      .argument('<vm>', VM)
      .addOption(new Option('--mode <mode>', 'mode to check').choices(modeSchema.options))
      .option(
        '--source <source>',
        'who would request it: caller, operator, alert, ticket, ticket:<connector>, queue',
      )
      .option('--subscription <id>', 'subscription to search for a VM name')
      .option('--json', 'print JSON'),
    async ([vm = ''], options) => {
      const { policyExplain, policyExplainOptionsSchema } = await import('../commands/policy-explain.ts');
      return policyExplain(vm, parsed(policyExplainOptionsSchema, options));
    },
  );

  does(
    withWay(program.command('doctor'), 'Check everything a repair needs, and how to fix what is missing')
      .argument('[vm]', `${VM}; without it, only checks that do not need a VM are run`)
      .addOption(
        new Option('--mode <mode>', 'mode of the repair to check for')
          .choices(modeSchema.options)
          .default('full'),
      )
      .option('--subscription <id>', 'subscription to search for a VM name')
      .option('--json', 'print JSON'),
    async ([vm], options) => {
      const { doctor, doctorOptionsSchema } = await import('../commands/doctor.ts');
      return doctor(vm, parsed(doctorOptionsSchema, options));
    },
  );

  does(
    program
      .command('demo')
      .description('Watch three VMs being repaired in a simulated Azure: under a minute, no account needed'),
    async () => (await import('../../local/demo/demo.ts')).runDemo(),
  );

  does(
    program
      .command('start')
      .description('Run the service against a simulated Azure to try it out; press Ctrl-C to stop')
      .option('--port <port>', 'port to listen on', '7071'),
    async (_words, options) => {
      const { runStart, startOptionsSchema } = await import('../../local/demo/start.ts');
      return runStart(parsed(startOptionsSchema, options));
    },
  );

  addLab(program, does);

  does(
    program
      .command('explain')
      .description('Explain the facts collected in Windows and what would fix them; no Azure needed')
      .argument('<file>', 'file with facts or script output; - for standard input')
      .option('--script', 'print the repair script instead')
      .option('--lun <n>', 'LUN of the attached disk, for an offline repair script'),
    async ([from = ''], options) => {
      const { explainOptionsSchema, runExplain } = await import('../../local/explain/command.ts');
      return runExplain(from, parsed(explainOptionsSchema, options));
    },
  );

  does(
    program
      .command('completion')
      .description('Print the completion script of a shell')
      .addArgument(new Argument('<shell>', 'shell to complete for').choices(SHELLS)),
    async ([shell = '']) => (await import('../completion.ts')).printCompletion(shell),
  );
  return program;
}

function exitCodeText(): string {
  const rows = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`);
  return ['Exit codes:', ...rows].join('\n');
}
