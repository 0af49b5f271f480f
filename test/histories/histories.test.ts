import { readFileSync } from 'node:fs';
import { HOST_JSON } from '../../local/app-entry.ts';
import { readHostJson } from '../../local/host/host-json.ts';
import { REPLAYED } from '../../functions/orchestrators/versions.ts';
import { differencesOf, openReplay, recordedScenarios } from './replay.ts';

const scenarios = recordedScenarios();

describe('What a released version began, this one carries on', () => {
  it.each(scenarios.map((recorded) => ({ ...recorded, title: `${recorded.release}, ${recorded.scenario}` })))(
    'history of $title',
    async (recorded) => {
      expect(await differencesOf(await openReplay(), recorded)).toEqual([]);
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
