import { ACTIVITIES } from '../../shared/model/activity.ts';
import type * as Activities from '../../shared/model/activity.ts';
import type * as Timing from '../../shared/repair/timing.ts';
import type * as Versions from '../../functions/orchestrators/versions.ts';
import { newWorld } from '../support/world.ts';
import { differencesOf, openReplay, recordedScenarios } from './replay.ts';

describe('A change that breaks replay is noticed:', () => {
  const online = recordedScenarios().find(({ scenario }) => scenario === 'online');

  /** Replays the online repair with one thing changed in a module of the code. */
  async function withChange(path: string, change: (module: unknown) => void): Promise<string[]> {
    const world = newWorld();
    change(await import(world(import.meta.resolve(path))));
    const replay = await openReplay(world(import.meta.resolve('./orchestrators.ts')));
    return online ? differencesOf(replay, online) : [];
  }

  it('an activity that is called by another name', async () => {
    const found = await withChange('../../shared/model/activity.ts', (model) => {
      Object.assign((model as typeof Activities).ACTIVITIES.inspectVm, { name: 'readVm' });
    });
    expect(found[0]).toBe(
      `remediate: call 2 was activity ${ACTIVITIES.inspectVm.name}, and is activity readVm`,
    );
  });

  it('a wait that is longer', async () => {
    const found = await withChange('../../shared/repair/timing.ts', (timing) => {
      Object.assign((timing as typeof Timing).TIMING, { guestScriptFirst: 21 });
    });
    expect(found.join('\n')).toMatch(/runGuestScript: call \d+ was timer \S+, and is timer \S+/);
  });

  it('a version that nobody knows any more', async () => {
    const found = await withChange('../../functions/orchestrators/versions.ts', (versions) => {
      ((versions as typeof Versions).REPLAYED as string[]).splice(0, 1, '2.0.0');
    });
    expect(found[0]).toContain('This version of the app cannot continue remediate 1.0.0.');
  });
});
