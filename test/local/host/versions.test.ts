import {
  compareVersions,
  fateOfVersion,
  type VersionSettings,
} from '../../../local/host/durable/versions.ts';

describe('Versions of orchestrations', () => {
  it.each([
    [null, null, 0],
    ['', null, 0],
    [null, '1.0', -1],
    ['1.0', '1.0', 0],
    ['1.9', '1.10', -1],
    ['1.0', '1.0.0', -1],
    ['2.0.0', '1.9.9', 1],
    ['V1', 'v1', 0],
    ['beta', 'alpha', 1],
    // .NET reads no version in a number alone.
    ['9', '10', 1],
  ])('%p against %p', (one, other, order) => {
    expect(Math.sign(compareVersions(one, other))).toBe(order);
    expect(Math.sign(compareVersions(other, one))).toBe(order === 0 ? 0 : -order);
  });

  const host = (rest: Partial<VersionSettings>): VersionSettings => ({
    defaultVersion: '2.0',
    versionMatchStrategy: 'CurrentOrOlder',
    versionFailureStrategy: 'Reject',
    ...rest,
  });

  it.each([
    ['takes up its own and older ones, and leaves newer ones to others', {}, ['run', 'run', 'run', 'reject']],
    ['is told to fail newer ones', { versionFailureStrategy: 'Fail' }, ['run', 'run', 'run', 'fail']],
    ['takes up its own alone', { versionMatchStrategy: 'Strict' }, ['reject', 'reject', 'run', 'reject']],
    ['asks for no version', { versionMatchStrategy: 'None' }, ['run', 'run', 'run', 'run']],
  ] as const)('A host %s', (_, settings, fates) => {
    const seen = [null, '1.0', '2.0', '2.1'].map((version) => fateOfVersion(version, host(settings)));
    expect(seen).toEqual(fates);
  });
});
