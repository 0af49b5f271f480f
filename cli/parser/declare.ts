import type { Command } from 'commander';
import type * as z from 'zod';
import type { Ending } from '../exit-codes.ts';

/** Says what a command does with its words and options; what it gives back becomes the exit code. */
export type Does = (
  command: Command,
  run: (words: string[], options: unknown) => Promise<Ending | number>,
) => Command;

export const VM = 'resource id or name of the VM';

/** The words by which every command that talks to a service chooses it. */
export function withWay(command: Command, description: string): Command {
  return command
    .description(description)
    .option(
      '-a, --app <address>',
      'use a deployed app (default: RDP_MEDIC_APP); needs RDP_MEDIC_KEY, or RDP_MEDIC_APP_SCOPE and az login',
    )
    .option(
      '-l, --local',
      'run on this machine against Azure, with your own sign-in (az login); no deployment needed',
    )
    .option(
      '--policy <file>',
      'with --local: policy file to apply; default: allow everything, ask you before downtime',
    )
    .option('--evidence <address>', 'with --local: blob endpoint of a storage account for script output');
}

/** What the parser has read: it checks words, the schema types. */
export function parsed<S extends z.ZodType>(schema: S, options: unknown): z.output<S> {
  return schema.parse(options);
}
