import { bootCommands } from './boot.ts';
import type { Command, CommandSet, Program } from './command.ts';
import { eventCommands } from './events.ts';
import { firewallCommands } from './firewall.ts';
import { hiveCommands } from './hives.ts';
import { networkCommands } from './network.ts';
import { policyCommands } from './policy.ts';
import { seamCommands } from './seam.ts';
import { serviceCommands } from './services.ts';
import { storageCommands } from './storage.ts';
import { systemCommands } from './system.ts';

/** Every file of this folder that answers for Windows commands. */
const SETS: readonly CommandSet[] = [
  serviceCommands,
  networkCommands,
  firewallCommands,
  policyCommands,
  eventCommands,
  systemCommands,
  storageCommands,
  hiveCommands,
  bootCommands,
  seamCommands,
];

const commands = new Map(SETS.flatMap((set) => Object.entries(set.commands ?? {})));
const programs = new Map(SETS.flatMap((set) => Object.entries(set.programs ?? {})));

const throughWmi = new Set(SETS.flatMap((set) => set.throughWmi ?? []));

/** Whether a command gets no answer where WMI is broken. */
export function needsWmi(name: string): boolean {
  return throughWmi.has(name);
}

/** Throws for a command the lab does not know: a gap of the lab, not an answer of Windows. */
export function findCommand(name: string): Command {
  const command = commands.get(name);
  if (!command) throw new Error(`the lab has no Windows command ${name}`);
  return command;
}

export function findProgram(name: string): Program {
  const program = programs.get(name.toLowerCase());
  if (!program) throw new Error(`the lab has no Windows program ${name}`);
  return program;
}
