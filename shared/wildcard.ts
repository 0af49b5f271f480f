/** Whether a text is what a pattern says, whatever the case; `*` stands for any text, slashes included. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const literal = pattern.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('.*')}$`, 'i').test(text);
}
