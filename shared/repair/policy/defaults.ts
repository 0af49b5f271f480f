import type { Mode } from '../../model/request.ts';
import { capOf, type SourceName } from './caps.ts';
import type { Policy } from './schema.ts';

/** From what changes nothing to what takes the VM down. */
const BY_REACH: readonly Mode[] = ['diagnose', 'rehearse', 'online', 'full'];

/**
 * What a source gets that does not say what it wants: the policy's defaults, but no further than its cap lets it go. Where it may ask
 * for nothing the default mode stands, and is refused by its rule.
 */
export function defaultsFor({ defaults, sources }: Policy, source: SourceName): Policy['defaults'] {
  const { modes } = capOf(sources, source);
  const upTo = BY_REACH.slice(0, BY_REACH.indexOf(defaults.mode) + 1);
  return { ...defaults, mode: upTo.findLast((mode) => modes.includes(mode)) ?? defaults.mode };
}
