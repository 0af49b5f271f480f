import { GPSVC } from '../../shared/causes/group-policy.ts';
import type { Change } from '../../shared/model/change.ts';
import type { CauseFile } from './causes.ts';

/** A fixed cure that is run by its name: `apply.ps1 -Recipe <id>`. */
export interface Recipe {
  readonly id: string;
  /** The fault it cures, or what it does. */
  readonly title: string;
  /** What is to be done afterwards (Markdown). */
  readonly then: string;
  readonly changes: readonly Change[];
}

/** What several of the cures need afterwards. */
const AFTERWARDS: readonly Recipe[] = [
  {
    id: 'rdp-services',
    title: 'RDP does not respond yet: restarts the RDP services on a running Windows; open sessions end',
    then: '',
    changes: [{ do: 'Restart-RdpServices', services: ['SessionEnv', 'TermService'], pids: [0, 0] }],
  },
  {
    id: 'group-policy',
    title: 'Group Policy is disabled: re-enables it on a running Windows and refreshes it',
    then: '',
    changes: [{ do: 'Refresh-Policy' }],
  },
];

/** Every recipe: of the causes that have a fixed cure, in the order of the runbook, and of what comes after them. */
export function allRecipes(causes: readonly CauseFile[]): Recipe[] {
  const ofCauses = causes
    .filter(({ cause }) => cause.recipe.length > 0)
    .map(({ cause: { id, title, takesEffect, recipe } }) => ({
      id,
      title,
      then: then(takesEffect, recipe),
      changes: recipe,
    }));
  return [...ofCauses, ...AFTERWARDS];
}

function then(takesEffect: 'now' | 'with-restart-of-vm', changes: readonly Change[]): string {
  if (takesEffect === 'now') return '`rdp-services`, if RDP does not respond yet';
  const holdsPolicy = changes.some((change) => change.do === 'registry' && change.path === GPSVC);
  return holdsPolicy ? 'restart the VM, then `group-policy`' : 'restart the VM';
}
