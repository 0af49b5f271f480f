/**
 * Records the histories that the next versions have to replay (`npm run histories`, at each release): one remediation of each kind in the
 * lab, with every instance that it started, as a file under `test/histories/<version of the package>/`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { startAzurite } from '../../local/azurite.ts';
import { openStore } from '../../local/host/store/store.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { createMeddlingGuests } from '../chaos/support/meddling.ts';
import { openArena, instanceOf, runOf, runsToCome, STORIES, type Story } from '../chaos/support/arena.ts';
import { playStory } from '../chaos/support/play-story.ts';
import type { Scenario } from '../e2e/moving/model/scenario.ts';
import { scenarioSchema, type RecordedInstance } from './history.ts';

const { version: release } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')));
const FOLDER = join(import.meta.dirname, release);

/** What is recorded, by the name of its file: the kinds of a remediation, and ends that come early. */
const SCENARIOS: Readonly<Record<string, Story>> = {
  ...STORIES,
  notFixed: { name: 'not fixed', ends: 'not-fixed', plot: { ...STORIES.online.plot, hopeless: true } },
  diagnosed: { name: 'diagnosed', ends: 'diagnosed', plot: { ...STORIES.online.plot, mode: 'diagnose' } },
  takenBack: {
    name: 'taken back, for the start on the repaired disk fails',
    ends: 'failed',
    plot: STORIES.swap.plot,
  },
};

const azurite = await startAzurite();
const theatre = await openArena(
  azurite.connectionString('account1'),
  runsToCome(20),
  createMeddlingGuests({ nth: 0, seen: 0, meddle: undefined }),
);
mkdirSync(FOLDER, { recursive: true });
for (const [file, story] of Object.entries(SCENARIOS)) {
  const run = runOf(story, (name) =>
    file === 'takenBack' ? { faults: `1+4 *start/action@/${name}/=fail(AllocationFailed)` } : {},
  );
  const [played] = await playStory(theatre, story, [run], () => () => undefined);
  const outcome = played?.record?.outcome?.kind ?? 'none';
  if (outcome !== story.ends) throw new Error(`${file} ended ${outcome}, not ${story.ends}.`);
  const recorded = scenarioSchema.parse({ scenario: file, release, outcome, instances: instancesOf(run) });
  writeFileSync(join(FOLDER, `${file}.json.gz`), gzipSync(JSON.stringify(recorded), { level: 9 }));
  console.log(`${file}: ${outcome}, ${String(recorded.instances.length)} instances`);
}
await theatre.close();
await azurite.close();

/** Of a rollback, what goes on under the VM's instance is the rollback; what the repair before it started is left out. */
function instancesOf(run: Scenario): RecordedInstance[] {
  const { instances, database } = openStore(theatre.statePath, 'normal');
  try {
    const all = instances.list({ limit: 100_000 }).map((one) => ({
      id: one.id,
      executionId: one.executionId,
      name: one.name,
      version: one.version ?? '',
      parent: one.parent?.OrchestrationInstance ?? null,
      input: one.input,
    }));
    const root = all.find(({ id }) => id === instanceOf(run));
    if (!root) throw new Error('There is no such instance.');
    const kept = [root];
    for (const known of kept)
      kept.push(
        ...all.filter(
          ({ parent }) => parent?.InstanceId === known.id && parent.ExecutionId === known.executionId,
        ),
      );
    return kept.map(({ executionId: _, parent, ...rest }) => ({
      ...rest,
      parent: parent?.InstanceId ?? null,
      history: z
        .array(z.looseObject({ EventType: z.number(), EventId: z.number() }))
        .parse(instances.historyOf(rest.id).map((event): unknown => JSON.parse(event))),
    }));
  } finally {
    database.close();
  }
}
