import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import type { Argument, Output, ProgramOutput } from '../commands/command.ts';
import { findCommand, findProgram, needsWmi } from '../commands/index.ts';
import { wording } from '../commands/wording.ts';
import type { Machine } from '../machine.ts';
import { ScriptKilled, WindowsError } from '../machine/errors.ts';
import { systemMessage } from '../system-messages.ts';

export interface CommandServer {
  /** What a PowerShell process needs to find the server and to be let in. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

const argumentSchema: z.ZodType<Argument> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(argumentSchema),
    z.record(z.string(), argumentSchema),
  ]),
);

const requestSchema = z.union([
  z.object({ command: z.string(), arguments: z.record(z.string(), argumentSchema) }),
  z.object({ program: z.string(), arguments: z.array(z.string()), answers: z.array(z.string()).default([]) }),
]);

type Answer = { output: Output } | ProgramOutput | { missing: string } | { error: Failure };

interface Failure {
  code: number;
  message: string;
}

/**
 * Carries out the Windows commands of one script run on the machine, for whoever knows the token. When a change
 * hook kills the script, `onKilled` is called and the command is never answered.
 */
export async function startCommandServer(machine: Machine, onKilled: () => void): Promise<CommandServer> {
  const token = randomBytes(24).toString('hex');
  const server = createServer((request, response) => {
    answer(machine, request, token).then(
      (body) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      },
      (error: unknown) => {
        if (error instanceof ScriptKilled) {
          onKilled();
          return;
        }
        // A gap of the stand-in must fail the script loudly, whatever error handling it has around it.
        const message = error instanceof Error ? error.message : String(error);
        response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(message);
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the command server has no port');
  return {
    environment: {
      RDP_MEDIC_STAND_IN_URL: `http://127.0.0.1:${String(address.port)}/`,
      RDP_MEDIC_STAND_IN_TOKEN: token,
      RDP_MEDIC_STAND_IN_POWERSHELL: machine.info.powerShellVersion,
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(machine: Machine, request: IncomingMessage, token: string): Promise<Answer> {
  if (!isAllowed(request.headers.authorization, token)) throw new Error('wrong token');
  const asked = requestSchema.parse(await json(request));
  const words = wording(machine.info.culture);
  try {
    if ('program' in asked) {
      if (!machine.info.hasProgram(asked.program)) return { missing: words.commandNotFound(asked.program) };
      return await findProgram(asked.program)(machine, asked.arguments, asked.answers);
    }
    if (needsWmi(asked.command) && !machine.info.wmiWorks)
      throw new WindowsError(WMI_FAILED, 'the WMI repository is damaged');
    return { output: (await findCommand(asked.command)(machine, asked.arguments)) ?? null };
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    return { error: { code: error.code, message: systemMessage(error, machine.info.culture) } };
  }
}

/** WBEM_E_FAILED */
const WMI_FAILED = 0x80041001;

function isAllowed(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
