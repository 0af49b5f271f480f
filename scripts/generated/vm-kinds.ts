import { KIND_GROUPS, type Ends, type KindGroup, type VmKind } from '../../lab/fleet/kinds/index.ts';
import { table } from './documents.ts';

/** The kinds of VMs of docs/vm-kinds.md: a heading a group, a row a kind. */
export function kindTables(): string {
  return KIND_GROUPS.map(kindTable).join('\n\n');
}

function kindTable({ title, kinds }: KindGroup): string {
  return `## ${title}\n\n${table(['Kind', 'By swap', 'By rebuild', ''], kinds.map(rowOf))}`;
}

function rowOf({ title, swap, rebuild, note }: VmKind): string[] {
  return [title, wordsOf(swap), wordsOf(rebuild), note];
}

function wordsOf(ends: Ends): string {
  switch (ends.ends) {
    case 'repaired':
      return 'repaired';
    case 'online-only':
      return `online only: \`${ends.code}\``;
    case 'rehearsal-finds':
      return `online only (found by the rehearsal): \`${ends.code}\``;
    case 'refused':
      return `refused: \`${ends.code}\``;
    case 'no-snapshot':
      return `nothing is changed, because no snapshot is possible: \`${ends.code}\``;
  }
}
