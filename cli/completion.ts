import tab, { script } from '@bomb.sh/tab';
import attach from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import type { Ending } from './exit-codes.ts';

/** The word by which the shell's script asks for what fits. */
export const COMPLETE = 'complete';

/** Prints the script that a shell takes in: `source <(rdp-medic completion bash)`. */
export function printCompletion(shell: string): Promise<Ending> {
  script(shell, 'rdp-medic', 'rdp-medic');
  return Promise.resolve('done');
}

/** Answers a shell that asks what fits, from the parser's own tree. @param words what stands behind `complete` */
export function answerShell(program: Command, words: readonly string[]): void {
  attach(program);
  tab.parse(words.filter((word, index) => index > 0 || word !== '--'));
}
