/**
 * Orchestration versions, as the Durable extension has them: each instance gets one for good when it is made, and a host takes up only
 * those that it can replay (learn.microsoft.com, azure-functions/durable/durable-functions-orchestration-versioning).
 */
export interface VersionSettings {
  /** What new instances get; `null`: none. */
  defaultVersion: string | null;
  /** Which ones are taken up. */
  versionMatchStrategy: 'None' | 'Strict' | 'CurrentOrOlder';
  /** What becomes of the others: they wait for another host, or fail. */
  versionFailureStrategy: 'Reject' | 'Fail';
}

/** What a host does with an instance of this version. */
export function fateOfVersion(
  version: string | null,
  { defaultVersion, versionMatchStrategy, versionFailureStrategy }: VersionSettings,
): 'run' | 'reject' | 'fail' {
  const order = compareVersions(version, defaultVersion);
  const isTaken =
    versionMatchStrategy === 'None' || (versionMatchStrategy === 'Strict' ? order === 0 : order <= 0);
  if (isTaken) return 'run';
  return versionFailureStrategy === 'Reject' ? 'reject' : 'fail';
}

/** Below zero where the first is older. Nothing is older than anything; what .NET reads as a `System.Version` is compared by its numbers. */
export function compareVersions(one: string | null, other: string | null): number {
  if (!one || !other) return Number(Boolean(one)) - Number(Boolean(other));
  const [mine, theirs] = [partsOf(one), partsOf(other)];
  if (!mine || !theirs) return one.toLowerCase().localeCompare(other.toLowerCase(), 'en');
  for (let index = 0; index < Math.max(mine.length, theirs.length); index++) {
    // A part that is left out is below 0 (System.Version.CompareTo).
    const difference = (mine[index] ?? -1) - (theirs[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function partsOf(version: string): number[] | undefined {
  return /^\d+(\.\d+){1,3}$/.test(version) ? version.split('.').map(Number) : undefined;
}
