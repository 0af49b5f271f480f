import { createHash } from 'node:crypto';

/** Gives GUIDs that look random and come in the same order in every run, so that runs can be compared. */
export function createIds(seed: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    const hex = createHash('sha256')
      .update(`${seed}:${String(count)}`)
      .digest('hex');
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `a${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  };
}
