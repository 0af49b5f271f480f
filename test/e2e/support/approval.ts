import { z } from 'zod';
import { sleep } from '../../../lab/clock/sleep.ts';
import { made } from './moments.ts';
import type { Theatre } from './theatre.ts';

const listSchema = z.object({ remediations: z.array(z.object({ id: z.string(), phase: z.string() })) });
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

/** Says something to the remediation of a VM while time stands still; gives back the status of the answer. */
export async function say(
  theatre: Theatre,
  name: string,
  what: 'approval' | 'cancel',
  body: object,
): Promise<number> {
  const release = theatre.stage.lab.clock.hold();
  const { id } = await newestOf(theatre, name);
  const { status } = await theatre.stage.callAsApprover('POST', `/api/remediations/${id}/${what}`, body);
  release();
  return status;
}
