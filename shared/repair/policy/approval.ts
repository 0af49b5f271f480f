import type { Disruption } from '../../model/disruption.ts';
import type { Mode } from '../../model/request.ts';
import { capOf } from './caps.ts';
import type { PolicyFacts } from './facts.ts';
import type { Policy } from './schema.ts';

/** Whether a person is asked before this is done to the VM: because of the mode, or because of who asked for it. */
export function asksApproval(
  { approval, sources }: Policy,
  { mode, source }: Pick<PolicyFacts, 'mode' | 'source'>,
  disruption: Disruption,
): boolean {
  if (!mayDisrupt(mode, disruption)) return false;
  if (disruption === 'offline' && approval.modes.includes(mode)) return true;
  return capOf(sources, source).approval.includes(disruption);
}

/** Whether a remediation of this mode may come to this. */
function mayDisrupt(mode: Mode, disruption: Disruption): boolean {
  return mode === 'full' || (mode === 'online' && disruption === 'restart');
}
