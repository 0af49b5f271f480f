import { readFileSync } from 'node:fs';
import { HOST_JSON } from '../../local/app-entry.ts';
import { readHostJson } from '../../local/host/host-json.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { REPLAYED } from '../../functions/orchestrators/versions.ts';
import type * as Activities from '../../shared/model/activity.ts';
import type * as Timing from '../../shared/repair/timing.ts';
import type * as Versions from '../../functions/orchestrators/versions.ts';
import type * as Replays from './replay.ts';
import { openReplay, recordedScenarios, type Replay } from './replay.ts';

const scenarios = recordedScenarios();

/** What of a release differs under the orchestrators that are registered now. */
async function differences(replay: Replay, { instances }: (typeof scenarios)[number]): Promise<string[]> {
  const found: string[] = [];
  for (const instance of instances)
    found.push(...(await replay(instance)).map((what) => `${instance.name}: ${what}`));
  return found;
}

describe('What a released version began, this one carries on', () => {
  it.each(scenarios.map((recorded) => ({ ...recorded, title: `${recorded.release}, ${recorded.scenario}` })))(
    'history of $title',
    async (recorded) => {
      expect(await differences(await openReplay(), recorded)).toEqual([]);
    },
  );

  it('has a history of each kind of remediation, of a version that is replayed', () => {
    expect(scenarios.map(({ scenario }) => scenario)).toEqual(
      expect.arrayContaining(['online', 'swap', 'rebuild', 'cancelled', 'rolledBack']),
    );
    const versions = scenarios.flatMap(({ instances }) => instances.map(({ version }) => version));
    expect([...new Set(versions)].filter((version) => !REPLAYED.includes(version))).toEqual([]);
  });

  it('begins orchestrations of the last version that it replays', () => {
    expect(readHostJson(HOST_JSON).versions).toEqual({
      defaultVersion: REPLAYED.at(-1),
      versionMatchStrategy: 'CurrentOrOlder',
      versionFailureStrategy: 'Reject',
    });
    expect(readFileSync(HOST_JSON, 'utf8')).not.toContain('versionMatchStrategy');
  });
});

describe('A change that breaks replay is noticed:', () => {
  const online = scenarios.find(({ scenario }) => scenario === 'online');

  /** Replays the online repair with one thing changed in the code. */
  async function withChange(change: () => void): Promise<string[]> {
    let found: string[] = [];
    await jest.isolateModulesAsync(async () => {
      change();
      const isolated = jest.requireActual<typeof Replays>('./replay.ts');
      if (online) found = await differences(await isolated.openReplay(), online);
    });
    return found;
  }

  it('an activity that is called by another name', async () => {
    const found = await withChange(() => {
      const model = jest.requireActual<typeof Activities>('../../shared/model/activity.ts');
      Object.assign(model.ACTIVITIES.inspectVm, { name: 'readVm' });
    });
    expect(found[0]).toBe(
      `remediate: call 2 was activity ${ACTIVITIES.inspectVm.name}, and is activity readVm`,
    );
  });

  it('a wait that is longer', async () => {
    const found = await withChange(() => {
      const timing = jest.requireActual<typeof Timing>('../../shared/repair/timing.ts');
      Object.assign(timing.TIMING, { guestScriptFirst: 21 });
    });
    expect(found.join('\n')).toMatch(/runGuestScript: call \d+ was timer \S+, and is timer \S+/);
  });

  it('a version that nobody knows any more', async () => {
    const found = await withChange(() => {
      const versions = jest.requireActual<typeof Versions>('../../functions/orchestrators/versions.ts');
      (versions.REPLAYED as string[]).splice(0, 1, '2.0.0');
    });
    expect(found[0]).toContain('This version of the app cannot continue remediate 1.0.0.');
  });
});
