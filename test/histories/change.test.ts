import { ACTIVITIES } from '../../shared/model/activity.ts';
import type * as Activities from '../../shared/model/activity.ts';
import type * as Timing from '../../shared/repair/timing.ts';
import type * as Versions from '../../functions/orchestrators/versions.ts';
import type * as Replays from './replay.ts';
import { differencesOf, recordedScenarios } from './replay.ts';

describe('A change that breaks replay is noticed:', () => {
  const online = recordedScenarios().find(({ scenario }) => scenario === 'online');

  /** Replays the online repair with one thing changed in the code. */
  async function withChange(change: () => void): Promise<string[]> {
    let found: string[] = [];
    await jest.isolateModulesAsync(async () => {
      change();
      const isolated = jest.requireActual<typeof Replays>('./replay.ts');
      if (online) found = await differencesOf(await isolated.openReplay(), online);
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
