import { join } from 'node:path';
import { inTerminal, openTerminal } from '../support/command.ts';

const PROGRAM = join(import.meta.dirname, '../support/said-while-it-spins.ts');

describe('what is shown while something goes on', () => {
  inTerminal('keeps lines that belong together, and the spinner below them', async () => {
    const terminal = openTerminal([], {}, PROGRAM);
    await terminal.until(/Preflight checks \(0:00\)/);
    await terminal.until(/Plan\r?\n {2}Check how RDP responds\.\r?\n {2}Take a snapshot\.\r?\n/);
    await terminal.until(/Preflight checks \(0:00\)/);
    expect(await terminal.ended()).toBe(0);
  });
});
