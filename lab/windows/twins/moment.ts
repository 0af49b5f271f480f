/** `Format-Moment`: UTC in whole seconds. `time` is milliseconds since the epoch. */
export function momentOf(time: number): string {
  return new Date(Math.floor(time / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
}
