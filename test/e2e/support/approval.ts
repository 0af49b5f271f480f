import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { sleep } from '../../../lab/clock/sleep.ts';
import { made } from './moments.ts';
import type { Theatre } from './theatre.ts';

const listSchema = z.object({ remediations: z.array(z.object({ id: z.string(), phase: z.string() })) });
const askedSchema = z.object({ question: z.object({ plan: z.string() }) });
const MINUTE = 60_000;

function hasRescueVm(theatre: Theatre, name: string): boolean {
  return made(theatre, name, 'rescue-vm') !== undefined;
}

/** Lets time pass until the rescue VM of this VM has come, and gone again: approval has been waited for half an hour. */
export async function waitedLong(theatre: Theatre, name: string): Promise<void> {
  for (const there of [true, false])
    for (let minutes = 0; hasRescueVm(theatre, name) !== there; minutes++) {
      if (minutes > 120) throw new Error(`The rescue VM of ${name} has not ${there ? 'come' : 'gone'}.`);
      await sleep(theatre.stage.lab.clock, MINUTE);
    }
}

/** The newest remediation of a VM. */
export async function newestOf({ stage }: Theatre, name: string): Promise<{ id: string; phase: string }> {
  const list = await stage.call('GET', `/api/remediations?vm=${stage.lab.vm(name).id}`);
  const [newest] = listSchema.parse(await list.json()).remediations;
  return newest ?? { id: '', phase: '' };
}

/** Waits, on a clock that does not jump, until a person is asked about a VM; gives back the id of its remediation. */
export async function askedOf(theatre: Theatre, name: string): Promise<string> {
  for (;;) {
    const { id, phase } = await newestOf(theatre, name);
    if (phase === 'approval') return id;
    await setTimeout(50);
  }
}

/** Hash of the plan that a person is waited for to approve; of no plan where none is. */
export async function planOf({ stage }: Theatre, id: string): Promise<string> {
  const answer: unknown = await (await stage.call('GET', `/api/remediations/${id}`)).json();
  return askedSchema.safeParse(answer).data?.question.plan ?? '0'.repeat(64);
}

/** Says something to the remediation of a VM while time stands still; gives back the status of the answer. */
export async function say(
  theatre: Theatre,
  name: string,
  what: 'approval' | 'cancel',
  body: object,
): Promise<number> {
  const release = theatre.stage.lab.clock.hold();
  const { id } = await newestOf(theatre, name);
  const asked = what === 'approval' ? { plan: await planOf(theatre, id), ...body } : body;
  const { status } = await theatre.stage.callAsApprover('POST', `/api/remediations/${id}/${what}`, asked);
  release();
  return status;
}
