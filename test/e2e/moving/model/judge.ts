import type { Theatre } from '../../support/theatre.ts';
import { INVARIANTS } from './invariants/index.ts';
import { leftoversOf, tidyUp } from './play.ts';
import { wasKeptFromDeleting, type Played } from './played.ts';
import { tell } from './scenario.ts';

/** Lets the janitor sweep where others kept the service from it, and says what does not hold of these runs. */
export async function judge(theatre: Theatre, played: readonly Played[]): Promise<string[]> {
  const hindered = played.filter(wasKeptFromDeleting);
  if (hindered.length > 0) await tidyUp(theatre, hindered);
  for (const one of played) one.leftovers = leftoversOf(theatre, one);
  return played.flatMap(broken);
}

/** What does not hold of a run, with all that is needed to have it again. */
function broken(played: Played): string[] {
  const said = INVARIANTS.flatMap((invariant) => invariant(played));
  const { record, scenario } = played;
  const end = `${record?.outcome?.kind ?? 'no record'}: ${record?.outcome?.summary ?? ''}`;
  return said.length === 0 ? [] : [`${said.join('\n')}\n  ${end}\n  ${tell(scenario)}`];
}
