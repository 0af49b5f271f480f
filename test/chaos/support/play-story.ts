import { sleep } from '../../../lab/clock/sleep.ts';
import { endOf, observe, play } from '../../e2e/moving/model/play.ts';
import type { Played } from '../../e2e/moving/model/played.ts';
import type { Scenario } from '../../e2e/moving/model/scenario.ts';
import { lossOf, SERVED } from '../../e2e/support/rollback.ts';
import type { Story } from './arena.ts';
import type { MortalTheatre } from './mortal-theatre.ts';

/**
 * Plays runs of a story, all at once.
 * @param disturb called when that begins which is interfered with; gives back what ends the interference
 */
export async function playStory(
  theatre: MortalTheatre,
  { goesBack }: Story,
  scenarios: readonly Scenario[],
  disturb: () => () => void,
): Promise<Played[]> {
  const repaired = goesBack ? await repairAll(theatre, scenarios) : undefined;
  const leave = disturb();
  const played = await (repaired
    ? goBackFrom(theatre, scenarios, repaired)
    : play(theatre, scenarios, Date.now()));
  leave();
  return played;
}

/** Repaired VMs that have served for a while: somebody wants back what was before. */
async function repairAll(theatre: MortalTheatre, scenarios: readonly Scenario[]): Promise<Played[]> {
  const repaired = await play(theatre, scenarios, Date.now());
  await sleep(theatre.stage.lab.clock, SERVED);
  return repaired;
}

async function goBackFrom(
  theatre: MortalTheatre,
  scenarios: readonly Scenario[],
  repaired: readonly Played[],
): Promise<Played[]> {
  const repairs = new Map(repaired.map(({ scenario, record }) => [scenario, record]));
  const played = await observe(theatre, scenarios, async (scenario) => {
    const repair = repairs.get(scenario);
    if (!repair) return { record: undefined, why: 'There was no repair to go back from.' };
    const body = { acceptLoss: lossOf(repair), by: 'the day shift' };
    const { stage } = theatre;
    return endOf(
      theatre,
      await stage.callAsApprover('POST', `/api/remediations/${repair.id}/rollback`, body),
    );
  });
  return played.map((one) => {
    const repair = repairs.get(one.scenario);
    return { ...one, ...(repair && { repair }) };
  });
}
