import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { ScriptEngine } from '../../../lab/windows/guest.ts';
import type { Change } from '../../../shared/model/change.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { eachOf } from '../../support/rows.ts';
import { OFFLINE_CASES, ONLINE_CASES } from './cases.ts';
import type { Case } from './case.ts';
import { leftOn, offline, onBench, online, wordsOf, type Bench } from './support.ts';

type Place = 'online' | 'offline';

function benchOf(place: Place, disk: GuestDisk, engine: ScriptEngine): Promise<Bench> {
  return place === 'online' ? online(disk, { engine }) : offline(disk, { engine });
}

/** The changes as they were judged, once and for all: a run that was cut off is sent again as it was. */
function judged(place: Place, { changes }: Case, disk: GuestDisk): Promise<Change[]> {
  return onBench(benchOf(place, structuredClone(disk), 'model'), async (bench) => {
    const facts = await bench.collect();
    return changes(facts, place === 'online' ? 'CurrentControlSet' : (facts.sets[0] ?? ''));
  });
}

/** What a run that nobody cuts off leaves. */
async function whole(place: Place, changes: readonly Change[], original: GuestDisk): Promise<unknown> {
  const disk = structuredClone(original);
  await onBench(benchOf(place, disk, 'model'), (bench) => bench.apply(changes));
  return leftOn(disk);
}

interface Rerun {
  left: unknown;
  answer: GuestAnswer;
  isReleased: boolean;
}

/** Cuts a run off before its nth change of the machine, and sends it again; `undefined` when it had fewer. */
async function cutOff(
  place: Place,
  changes: readonly Change[],
  original: GuestDisk,
  nth: number,
  engine: ScriptEngine = 'model',
): Promise<Rerun | undefined> {
  const disk = structuredClone(original);
  return onBench(benchOf(place, disk, engine), async (bench) => {
    if (!(await bench.applyKilled(nth, changes))) return undefined;
    const answer = await bench.apply(changes);
    const { storage, hives } = bench.machine();
    const isReleased =
      place === 'online' ||
      (hives.loaded().length === 0 && storage.disks().every((one) => one.isBoot || one.isOffline));
    return { left: leftOn(disk), answer, isReleased };
  });
}

function expectFinished(place: Place, one: Case, { answer, isReleased }: Rerun): void {
  expect(wordsOf(answer)).not.toContain('refused');
  expect(isReleased).toBe(true);
  const { owed, handshake } = answer.facts ?? {};
  expect(owed).not.toContain('restart');
  if (place === 'online' && one.serves === true) expect(handshake?.stage).toBe('done');
}

describe.each([
  ['online', ONLINE_CASES],
  ['offline', OFFLINE_CASES],
] as const)('a run cut off %s between any two changes', (place, cases) => {
  eachOf<Case>(cases, 8)('ends as one that was not, when it is sent again: $what', async (one) => {
    const original = one.make();
    const changes = await judged(place, one, original);
    const expected = await whole(place, changes, original);
    let cuts = 0;
    for (;;) {
      const rerun = await cutOff(place, changes, original, cuts + 1);
      if (!rerun) break;
      cuts++;
      expectFinished(place, one, rerun);
      expect(rerun.left).toEqual(expected);
    }
    expect(cuts).toBeGreaterThan(1);
  });

  it.each([...cases])('changes nothing when only its answer was lost: $what', async (one) => {
    const disk = one.make();
    const changes = await judged(place, one, disk);
    await onBench(benchOf(place, disk, 'model'), async (bench) => {
      await bench.apply(changes);
      const left = leftOn(disk);
      const again = await bench.apply(changes);
      expect(leftOn(disk)).toEqual(left);
      // What could not be done the first time is tried again.
      const isDone = !one.words.includes('not-renewed');
      if (isDone)
        expect(again.outcomes.flatMap(({ wrote }) => wrote).filter(({ what }) => what !== 'policy')).toEqual(
          [],
        );
      if (place === 'online' && one.serves === true) expect(again.facts?.handshake.stage).toBe('done');
    });
  });
});

const SAMPLE: readonly (readonly [Place, string, number])[] = [
  ['online', 'Take-Port moves away from a service that comes back, and gives it back', 9],
  ['online', 'Renew-Certificate replaces an expired one', 5],
  ['online', 'Set-FirewallRule opens a rule that is off, blocks and holds for few', 7],
  ['online', 'the listener is written anew, a number above 0x7FFFFFFF among it', 12],
  ['offline', 'Repair-KeyAccess makes a missing folder', 7],
  ['offline', 'Set-SerialConsole, generation 2', 9],
];

describe('a run cut off in PowerShell', () => {
  for (const [place, what, nth] of SAMPLE) {
    itWithPwsh(`ends as one that was not, when it is sent again: ${place}, ${what}`, async () => {
      const one = [...ONLINE_CASES, ...OFFLINE_CASES].find((candidate) => candidate.what === what);
      if (!one) throw new Error(`no case ${what}`);
      const original = one.make();
      const changes = await judged(place, one, original);
      const rerun = await cutOff(place, changes, original, nth, 'pwsh');
      if (!rerun) throw new Error('it had fewer changes');
      expectFinished(place, one, rerun);
      expect(rerun.left).toEqual(await whole(place, changes, original));
    });
  }
});
