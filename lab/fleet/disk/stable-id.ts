import { createHash } from 'node:crypto';

/** A GUID that is always the same for the same words, without braces. */
export function stableGuid(...words: string[]): string {
  const hex = createHash('sha256').update(words.join('\n')).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** A disk's identity in the form its style has. */
export function stableDiskIdentity(generation: 'V1' | 'V2', ...words: string[]): string {
  const guid = stableGuid('disk', ...words);
  return generation === 'V2' ? `{${guid}}` : guid.slice(0, 8);
}
