import type { GuestFactory, ScriptOutcome, ScriptRun } from '../../../lab/windows/guest.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';

/** Changes what a script prints, or how long it takes. */
export type Meddle = (outcome: ScriptOutcome, run: ScriptRun) => ScriptOutcome;

/** Whoever sits in Windows, between a script and Azure. */
export interface Meddler {
  /** What is done to the script of this number, from 1; to none without it. */
  nth: number;
  meddle: Meddle | undefined;
  /** How many scripts there were since it was set. */
  seen: number;
}

export function createMeddlingGuests(meddler: Meddler): GuestFactory {
  const factory = createGuestFactory({ engine: 'model' });
  return (surroundings) => {
    const guest = factory(surroundings);
    const runScript = guest.runScript.bind(guest);
    guest.runScript = async (run) => {
      const outcome = await runScript(run);
      meddler.seen += 1;
      return meddler.meddle && meddler.seen === meddler.nth ? meddler.meddle(outcome, run) : outcome;
    };
    return guest;
  };
}
