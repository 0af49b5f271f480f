/** What the readers of NLA's messages throw, and the only thing they throw: a server's answer is not as it should be. */
export class NlaError extends Error {
  override readonly name = 'NlaError';
}
