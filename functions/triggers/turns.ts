import { capOf, type SourceName } from '../../shared/repair/policy/caps.ts';
import type { TriggerDependencies } from './dependencies.ts';

export const HOUR_SECONDS = 3600;

/** Under which name the starts of a source are counted. */
export function turnOf(source: SourceName): string {
  return `source:${source}`;
}

/** Counts a start of a source; false where it has started as many within an hour as the policy gives it. */
export function takeTurn({ intake, policy }: TriggerDependencies, source: SourceName): Promise<boolean> {
  return intake.takeTurn(turnOf(source), capOf(policy.sources, source).perHour, HOUR_SECONDS);
}
