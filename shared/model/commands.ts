import * as z from 'zod';

/**
 * Where commands are typed: the Azure CLI, PowerShell with the Az module, an elevated PowerShell inside the VM, our own command
 * line, or a call to this service.
 */
export const toolSchema = z.enum(['az', 'az-powershell', 'windows', 'rdp-medic', 'http']);
export type Tool = z.infer<typeof toolSchema>;

/** Commands to copy, one a line, in the order in which they are run. */
export const commandsSchema = z.object({ tool: toolSchema, lines: z.array(z.string()).min(1) });
export type Commands = z.infer<typeof commandsSchema>;

/** Something for a person to do: in words, and as commands, each block a way of its own. */
export const instructionSchema = z.object({ words: z.string(), commands: z.array(commandsSchema) });
export type Instruction = z.infer<typeof instructionSchema>;
