import { makeCauseVms, makeFleet } from '../../lab/fleet/index.ts';
import type { GuestDisk } from '../../lab/windows/disk.ts';
import { causeOf, diagnose, faultsOf } from '../../shared/causes/catalogue.ts';
import type { Done, Look } from '../../shared/causes/cause.ts';
import { applyParameters } from '../../shared/guest/parameters.ts';
import type { Change } from '../../shared/model/change.ts';
import { isGood } from '../../shared/repair/outcomes.ts';
import { planChanges } from '../../shared/repair/plan-changes.ts';
import { inRows, isRun } from '../support/rows.ts';
import { NOW } from './support/guest.ts';
import { diskOf, leftOn, nonceOf, offline, onBench, online, type Bench } from './apply/support.ts';

type Place = 'online' | 'offline';

/** Causes whose VM is mended in Windows, each by the VM of its name. */
const CAUSES = [...makeFleet({ now: NOW }), ...makeCauseVms({ now: NOW })]
  .filter(({ spec, cause, expected }) => cause === spec.name && expected.step !== 'rdp-security')
  .map(({ cause = '' }) => cause);
/** Only a running Windows has it: the next start is its cure. */
const ONLY_RUNNING = ['term-service-silent'];
const ON_DISK = CAUSES.filter((cause) => !ONLY_RUNNING.includes(cause));
/** New by nature: a certificate with its key; what is left to compare is everything else. */
const RENEWS = ['rdp-certificate', 'machine-keys-missing', 'machine-keys'];
const ROUNDS = 3;

interface Sizes {
  cuts: number;
  parameters: number;
}
const figures = new Map<string, Partial<Record<Place, Sizes>>>();

function benchOf(place: Place, disk: GuestDisk): Promise<Bench> {
  return place === 'online' ? online(disk) : offline(disk);
}

async function lookAt(bench: Bench, cause: string, done: readonly Done[] = []): Promise<Look> {
  const options = {
    legacyTls: false,
    newRdpPort: undefined,
    portHeldByOther: cause === 'rdp-port',
    agentAnswers: true,
  };
  return { facts: await bench.collect(), done, options };
}

function plan(look: Look): Change[] {
  const faults = faultsOf(diagnose(look));
  return planChanges(look, faults.map(causeOf));
}

/** As the service does it: look, mend, look, at most three times; a restart where the cause wants one. */
async function treat(bench: Bench, place: Place, cause: string): Promise<Done[]> {
  const done: Done[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const changes = plan(await lookAt(bench, cause, done));
    if (changes.length === 0) break;
    const { outcomes, error } = await bench.apply(changes, { Nonce: nonceOf(100 + round) });
    if (error) throw new Error(`${error.code}: ${error.message}`);
    done.push(
      ...outcomes.flatMap((outcome) => {
        const change = changes[outcome.change];
        return change ? [{ change, outcome }] : [];
      }),
    );
    if (place === 'online' && causeOf(cause).takesEffect === 'with-restart-of-vm') await restart(bench);
  }
  return done;
}

async function restart({ guest }: Bench): Promise<void> {
  await guest.powerOff();
  await guest.powerOn({ settled: true });
}

/** How the Windows of a disk answers once it has started. */
async function stageAfterStart(disk: GuestDisk): Promise<string> {
  return onBench(online(structuredClone(disk)), async (bench) => (await bench.collect()).handshake.stage);
}

async function expectMended(place: Place, bench: Bench, cause: string): Promise<void> {
  const look = await lookAt(bench, cause);
  expect(faultsOf(diagnose(look)).filter((fault) => fault === cause && cause !== 'rdp-port')).toEqual([]);
  expect(look.facts.owed.filter((word) => word !== 'group-policy')).toEqual([]);
  if (place === 'online') expect(look.facts.handshake.stage).toBe('done');
}

/** What is tried at each change of a cause in turn takes long. */
const inSome = (cause: string): typeof inRows => (isRun(CAUSES.indexOf(cause), 10) ? it : inRows);

describe.each(CAUSES)('%s', (cause) => {
  it('is detected, and nothing else', async () => {
    await onBench(online(diskOf(cause)), async (bench) => {
      expect(faultsOf(diagnose(await lookAt(bench, 'none')))).toEqual([cause]);
    });
  });

  it('is repaired while Windows runs, and verified: a second look finds nothing to do', async () => {
    await onBench(online(diskOf(cause)), async (bench) => {
      const done = await treat(bench, 'online', cause);
      expect(done.every(isGood)).toBe(true);
      await expectMended('online', bench, cause);
      expect(await treat(bench, 'online', cause)).toEqual([]);
    });
  });

  it('is undone by its journals, newest first', async () => {
    const disk = diskOf(cause);
    const before = withoutKeys(disk);
    await onBench(online(disk), async (bench) => {
      await treat(bench, 'online', cause);
      // A restart writes nothing to the disk.
      if (!ONLY_RUNNING.includes(cause)) expect(withoutKeys(disk)).not.toEqual(before);
      for (let round = ROUNDS - 1; round >= 0; round--)
        if (JSON.stringify(disk).includes(nonceOf(100 + round)))
          await bench.run({ Undo: nonceOf(100 + round) });
    });
    if (!RENEWS.includes(cause)) expect(withoutKeys(disk)).toEqual(before);
    expect(JSON.stringify(disk)).not.toContain(nonceOf(100));
  });

  inSome(cause)(
    'is repaired by the next run where one was cut off at any change, while Windows runs',
    async () => {
      await expectSurvivesKills('online', cause);
    },
  );
});

describe.each(ON_DISK)('%s, on a disk', (cause) => {
  it('is repaired and verified, and its Windows serves RDP once it starts', async () => {
    const disk = diskOf(cause);
    await onBench(offline(disk), async (bench) => {
      const done = await treat(bench, 'offline', cause);
      expect(done.length).toBeGreaterThan(0);
      expect(done.every(isGood)).toBe(true);
      expect(await treat(bench, 'offline', cause)).toEqual([]);
    });
    expect(await stageAfterStart(disk)).toBe('done');
  });

  inSome(cause)('is repaired by the next run where one was cut off at any change', async () => {
    await expectSurvivesKills('offline', cause);
  });
});

/** Cut off before each change of the machine in turn, between the writes within a change too; then looked at and mended anew. */
async function expectSurvivesKills(place: Place, cause: string): Promise<void> {
  const original = diskOf(cause);
  let cuts = 0;
  let parameters = 0;
  for (;;) {
    const disk = structuredClone(original);
    const wasCut = await onBench(benchOf(place, disk), async (bench) => {
      const changes = plan(await lookAt(bench, cause));
      parameters = Object.values(applyParameters(where(place), changes).parameters).join('').length;
      if (!(await bench.applyKilled(cuts + 1, changes))) return false;
      if (place === 'online' && causeOf(cause).takesEffect === 'with-restart-of-vm') await restart(bench);
      await treat(bench, place, cause);
      await expectMended(place, bench, cause);
      return true;
    });
    if (!wasCut) break;
    if (place === 'offline') expect(await stageAfterStart(disk)).toBe('done');
    cuts++;
  }
  expect(cuts).toBeGreaterThan(1);
  figures.set(cause, { ...figures.get(cause), [place]: { cuts, parameters } });
}

function where(place: Place) {
  return place === 'online'
    ? ({ nonce: nonceOf(1), scope: 'online' } as const)
    : ({ nonce: nonceOf(1), scope: 'offline', lun: 0 } as const);
}

/** Windows writes the fields of a firewall rule in an order of its own; an owner that nobody could read is not known. */
function withoutKeys(disk: GuestDisk): unknown {
  return JSON.parse(
    JSON.stringify(leftOn(disk), (name, value: unknown) => {
      if (name === 'owner') return 'somebody';
      return typeof value === 'string' && value.startsWith('v2.') ? value.split('|').sort().join('|') : value;
    }),
  );
}

afterAll(() => {
  const cell = (sizes: Sizes | undefined): string =>
    sizes
      ? `${String(sizes.cuts).padStart(4)} cuts, ${String(sizes.parameters).padStart(5)} characters`
      : 'only the next start';
  const rows = [...figures].map(
    ([cause, { online: running, offline: onDisk }]) =>
      `${cause.padEnd(22)} ${cell(running).padEnd(30)} ${cell(onDisk)}`,
  );
  process.stdout.write(
    ['cause                  running: kills, parameters     on a disk: kills, parameters', ...rows, ''].join(
      '\n',
    ),
  );
});
