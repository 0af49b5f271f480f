import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { parseActors } from '../../lab/actors/parse.ts';
import { ArmError } from '../../lab/arm/errors.ts';
import { breakVm } from '../../lab/fleet/break-vm.ts';
import type { Lab } from '../../lab/arm/start-lab.ts';

/** Where a running lab can be told what somebody else does. */
export interface Control {
  close(): Promise<void>;
}

const addressSchema = z.object({ url: z.string(), key: z.string() });
export type ControlAddress = z.output<typeof addressSchema>;

/** What is answered: how the deeds went that were done at once, and how many actors wait for their moment. */
export const controlAnswerSchema = z.object({
  done: z.array(
    z.object({
      who: z.string(),
      deed: z.string(),
      error: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
  waiting: z.number(),
});

const fileIn = (folder: string): string => join(folder, 'control.json');

/**
 * Listens on loopback for actors in their compact form, for `npm run act`. Address and key lie in the folder:
 * whoever may read it may act.
 */
export async function openControl(lab: Lab, folder: string): Promise<Control> {
  const key = randomBytes(16).toString('hex');

  const answer = async (incoming: IncomingMessage): Promise<{ status: number; body: object }> => {
    if (incoming.headers['x-lab-key'] !== key) return { status: 401, body: { error: 'Wrong key.' } };
    if (incoming.method === 'GET') return { status: 200, body: { activity: lab.activity() } };
    if (incoming.url === '/break') return breakOne(lab, await text(incoming));
    const before = lab.actors.history().length;
    try {
      lab.actors.add(...parseActors(await text(incoming)));
    } catch (error) {
      if (error instanceof SyntaxError) return { status: 400, body: { error: error.message } };
      throw error;
    }
    await settled(lab);
    return {
      status: 200,
      body: { done: lab.actors.history().slice(before), waiting: lab.actors.pending().length },
    };
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming)
      .catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
      .then(({ status, body }) => {
        outgoing.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      })
      .catch((error: unknown) => {
        process.emitWarning(String(error));
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const found: ControlAddress = { url: `http://127.0.0.1:${String(port)}`, key };
  writeFileSync(fileIn(folder), JSON.stringify(found), { mode: 0o600 });

  return {
    async close() {
      rmSync(fileIn(folder), { force: true });
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const breakSchema = z.object({ vm: z.string(), fault: z.string() });

async function breakOne(lab: Lab, body: string): Promise<{ status: number; body: object }> {
  const { vm, fault } = breakSchema.parse(JSON.parse(body));
  try {
    await breakVm(lab, vm, fault);
    return { status: 200, body: {} };
  } catch (error) {
    if (error instanceof RangeError || error instanceof ArmError)
      return { status: 400, body: { error: error.message } };
    throw error;
  }
}

/** Where the lab of a folder listens; `undefined` when none runs. */
export function findControl(folder: string): ControlAddress | undefined {
  const file = fileIn(folder);
  return existsSync(file) ? addressSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Whoever acts at once does so by a timer of the lab's clock: it must have fired before anybody can be waited for. */
async function settled(lab: Lab): Promise<void> {
  await new Promise<void>((resolve) => {
    lab.clock.setTimer(lab.clock.now() + 1, resolve);
  });
  await lab.actors.idle();
}
