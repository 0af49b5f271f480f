import { sleep } from '../../../../lab/clock/sleep.ts';
import { planOf } from '../../support/approval.ts';
import type { Theatre } from '../../support/theatre.ts';

/** What a person says to a remediation, by its API, and when: in seconds of lab time since it began, or since he was asked. */
export interface Person {
  cancelsAfter?: number;
  /** Where the policy has somebody asked before the VM goes down; without it nobody answers. */
  answers?: { after: number; approved: boolean };
}

const SECOND = 1000;
/** Between two looks whether he is asked. */
const LOOKS_EVERY = 120;
/** A person who may be asked is so within that time, or never. */
const ASKED_WITHIN = 6 * 3600;

/** Says what there is to say, until the remediation has ended. */
export async function speak(
  theatre: Theatre,
  id: string,
  { cancelsAfter, answers }: Person,
  hasEnded: () => boolean,
): Promise<void> {
  await Promise.all([
    cancelsAfter === undefined ? undefined : cancel(theatre, id, cancelsAfter),
    answers && answer(theatre, id, answers, hasEnded),
  ]);
}

async function cancel({ stage }: Theatre, id: string, after: number): Promise<void> {
  await sleep(stage.lab.clock, after * SECOND);
  await stage.call('POST', `/api/remediations/${id}/cancel`, { by: 'the night shift' });
}

async function answer(
  theatre: Theatre,
  id: string,
  { after, approved }: NonNullable<Person['answers']>,
  hasEnded: () => boolean,
): Promise<void> {
  const { clock } = theatre.stage.lab;
  for (let waited = 0; waited < ASKED_WITHIN && !hasEnded(); waited += LOOKS_EVERY) {
    if (!/^0*$/.test(await planOf(theatre, id))) {
      await sleep(clock, after * SECOND);
      const plan = await planOf(theatre, id);
      await theatre.stage.callAsApprover('POST', `/api/remediations/${id}/approval`, { approved, plan });
      return;
    }
    await sleep(clock, LOOKS_EVERY * SECOND);
  }
}
