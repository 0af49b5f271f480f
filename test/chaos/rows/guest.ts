import { INVARIANTS } from '../../e2e/moving/model/invariants/index.ts';
import { leftoversOf, play } from '../../e2e/moving/model/play.ts';
import type { Played } from '../../e2e/moving/model/played.ts';
import { fillDisk, setClockOff } from '../../../lab/fleet/faults/machine.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import { endOf, runOf, STORIES, type Story } from '../support/arena.ts';
import type { Meddle, Meddler } from '../support/meddling.ts';
import type { MortalTheatre } from '../support/mortal-theatre.ts';

/** What a Windows may do that is not in order. */
interface Misbehaviour {
  name: string;
  meddle?: Meddle;
  dress?: (disk: GuestDisk) => void;
  actors?: string;
}

const NONCE = /[0-9a-f]{32}/;
const TEN_YEARS = 10 * 365 * 86_400;

const forged: Meddle = (outcome, run) => {
  const nonce = NONCE.exec(JSON.stringify(run))?.[0] ?? '';
  return { ...outcome, stdout: `${outcome.stdout}\nRDP-MEDIC-RESULT ${nonce} 8 H4sIAAAA\n` };
};

const MISBEHAVIOURS: readonly Misbehaviour[] = [
  { name: 'a script that hangs', meddle: (outcome) => ({ ...outcome, stdout: '', seconds: 86_400 }) },
  { name: 'a script that prints nothing', meddle: (outcome) => ({ ...outcome, stdout: '', stderr: '' }) },
  { name: 'garbage', meddle: (outcome) => ({ ...outcome, stdout: '\u0000\uFFFD'.repeat(50_000) }) },
  {
    name: 'half of its result line',
    meddle: ({ stdout, ...rest }) => ({ ...rest, stdout: stdout.slice(0, stdout.length / 2) }),
  },
  { name: 'a forged result line behind its own', meddle: forged },
  {
    name: 'a restart in the middle',
    actors: '1 PUT:Microsoft.Compute/virtualMachines/runCommands/write@/$name/ ~> restart on $vm',
  },
  {
    name: 'an agent that dies',
    actors: 'after 1 PUT:Microsoft.Compute/virtualMachines/runCommands/write@/$name/ +1s -> agent off on $vm',
  },
  { name: 'a full disk', dress: fillDisk },
  { name: 'a clock ten years ahead', dress: setClockOff(TEN_YEARS) },
  { name: 'a clock ten years behind', dress: setClockOff(-TEN_YEARS) },
];

export interface Behaved {
  what: string;
  repaired: boolean;
  faults: string[];
}

/** How many scripts of a run are meddled with, one in each run. */
const SCRIPTS = 3;

/** Lets Windows misbehave in each way, at each of the first scripts of an online and an offline repair, or one case in so many. */
export async function misbehave(theatre: MortalTheatre, meddler: Meddler, oneIn = 1): Promise<Behaved[]> {
  const behaved: Behaved[] = [];
  let count = 0;
  for (const story of [STORIES.online, STORIES.swap])
    for (const one of MISBEHAVIOURS)
      for (let nth = 1; nth <= (one.meddle ? SCRIPTS : 1); nth++) {
        if (count++ % oneIn > 0) continue;
        behaved.push(await playOne(theatre, meddler, { story, one, nth }));
      }
  return behaved;
}

async function playOne(
  theatre: MortalTheatre,
  meddler: Meddler,
  { story, one, nth }: { story: Story; one: Misbehaviour; nth: number },
): Promise<Behaved> {
  const scenario = runOf(story, (name) => ({
    actors: (one.actors ?? '').replaceAll('$name', name).replaceAll('$vm', name),
    ...(one.dress && { dress: one.dress }),
  }));
  Object.assign(meddler, { nth, seen: 0, meddle: one.meddle });
  const [played] = await play(theatre, [scenario], Date.now());
  meddler.meddle = undefined;
  if (!played) throw new Error('Nothing was played.');
  played.leftovers = leftoversOf(theatre, played);
  const which = one.meddle ? `, at script ${String(nth)}` : '';
  return {
    what: `${story.name}: ${one.name}${which}`,
    repaired: played.record?.outcome?.kind.startsWith('repaired') === true,
    faults: faultsOf(played),
  };
}

function faultsOf(played: Played): string[] {
  const runs = played.after.vm?.power === 'running';
  return [
    ...(runs ? [] : [`ended ${endOf(played)}`]),
    ...INVARIANTS.flatMap((invariant) => invariant(played)),
  ];
}
