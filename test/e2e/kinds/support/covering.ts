import { goTogether, type KindGroup, type VmKind } from '../../../../lab/fleet/kinds/index.ts';

/** A fraction from 0 on, below 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Several candidates are tried for each row, and the one that covers most is taken. */
const CANDIDATES = 12;

/**
 * Rows of one kind from each group, such that every two kinds of different groups that can go together do so in some row: a covering array
 * of strength two, made greedily (learn.microsoft.com/devops; AETG, Cohen et al. 1997).
 */
export function coveringRows(groups: readonly KindGroup[], seed: number): VmKind[][] {
  const random = randomOf(seed);
  const open = pairsOf(groups);
  const rows: VmKind[][] = [];
  while (open.size > 0) {
    const [first] = open.values();
    if (!first) break;
    const candidates = Array.from({ length: CANDIDATES }, () => fill(groups, first, open, random));
    const best = candidates
      .filter((row) => row !== undefined)
      .toSorted((one, other) => covered(other, open).length - covered(one, open).length)[0];
    if (!best) {
      open.delete(keyOf(...first));
      continue;
    }
    for (const key of covered(best, open)) open.delete(key);
    rows.push(best);
  }
  return rows;
}

type Pair = readonly [VmKind, VmKind];
type Pairs = Map<string, Pair>;

/** Every two kinds of different groups that can be one VM's. */
export function pairsOf(groups: readonly KindGroup[]): Pairs {
  const pairs: Pairs = new Map();
  for (const [index, group] of groups.entries())
    for (const other of groups.slice(index + 1))
      for (const one of group.kinds)
        for (const two of other.kinds) if (goTogether(one, two)) pairs.set(keyOf(one, two), [one, two]);
  return pairs;
}

function keyOf(one: VmKind, other: VmKind): string {
  return one.name < other.name ? `${one.name} + ${other.name}` : `${other.name} + ${one.name}`;
}

function covered(row: readonly VmKind[], open: Pairs): string[] {
  return row
    .flatMap((one, index) => row.slice(index + 1).map((other) => keyOf(one, other)))
    .filter((key) => open.has(key));
}

/** A row around a pair: in each other group, by chance in order, the kind that covers most of what is open; none where none goes with it. */
function fill(
  groups: readonly KindGroup[],
  pair: Pair,
  open: Pairs,
  random: () => number,
): VmKind[] | undefined {
  const row: VmKind[] = [...pair];
  const rest = groups.filter(({ kinds }) => !kinds.some((kind) => pair.includes(kind)));
  for (const { kinds } of shuffled(rest, random)) {
    const fitting = shuffled(kinds, random).filter((kind) => row.every((other) => goTogether(kind, other)));
    const gains = fitting.map((kind) => row.filter((other) => open.has(keyOf(kind, other))).length);
    const best = fitting[gains.indexOf(Math.max(...gains))];
    if (!best) return undefined;
    row.push(best);
  }
  return row;
}

export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((value) => ({ value, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);
}
