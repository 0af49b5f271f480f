import type { Command } from 'commander';
import type { z } from 'zod';
import type { Ending } from '../exit-codes.ts';

/** Says what a command does with its words and options; what it gives back becomes the exit code. */
export type Does = (
  command: Command,
  run: (words: string[], options: unknown) => Promise<Ending | number>,
) => Command;

export const VM = 'resource id of the VM, or its name';

/** The words by which every command that talks to a service chooses it. */
export function withWay(command: Command, description: string): Command {
  return command
    .description(description)
    .option(
      '-a, --app <address>',
      'a deployed app (RDP_MEDIC_APP); with RDP_MEDIC_KEY, or your sign-in and RDP_MEDIC_APP_SCOPE',
    )
    .option('-l, --local', 'no app: on this machine, on Azure, with your own sign-in (az login)')
    .option('--policy <file>', 'with --local: the policy that holds; your own hands where left out')
    .option(
      '--evidence <address>',
      'with --local: blob address of a storage account for the output of scripts',
    );
}

/** What the parser has read: it checks words, the schema types. */
export function parsed<S extends z.ZodType>(schema: S, options: unknown): z.output<S> {
  return schema.parse(options);
}
