import { INVARIANTS } from '../../e2e/moving/model/invariants/index.ts';
import { nothingIsLeftBehind } from '../../e2e/moving/model/invariants/record.ts';
import type { Played } from '../../e2e/moving/model/played.ts';
import { endOf } from './arena.ts';

/**
 * Repaired, or as it was with the reason; and all that holds of any run.
 * @param isHeld whether Azure keeps hold of the VM: then it may be down, and that is told
 */
export function faultsOf(played: Played, asEver: boolean, isHeld = false): string[] {
  const { record, leftovers } = played;
  const end = endOf(played);
  const kind = record?.outcome?.kind ?? '';
  const isRepaired = /^(repaired|rolled-back)/.test(kind) && end.includes(', running on ');
  const isAsFound = end.endsWith(', running on its own disk') || /^not-fixed, running/.test(end);
  const hasReason =
    kind === 'not-fixed' || (record?.errors.length ?? 0) > 0 || (record?.undo.length ?? 0) > 0;
  const isToldDown = isHeld && record?.downSince !== undefined;
  return [
    ...(asEver || isToldDown || isRepaired || (isAsFound && hasReason) ? [] : [`ended ${end}`]),
    ...leftovers.map((id) => `${id} was left behind, by the janitor too`),
    ...INVARIANTS.filter((invariant) => invariant !== nothingIsLeftBehind).flatMap((invariant) =>
      invariant(played),
    ),
  ];
}
