const PAIRS =
  /\b(AccountKey|SharedAccessSignature|sig|code|token|secret|password|pwd|client_secret)(\s*[=:]\s*)("?)[^\s;&",}]+/gi;
const CREDENTIALS = /\b(Bearer|Basic|SharedKey)\s+[A-Za-z0-9+/=._~:-]+/gi;
const TOKENS = /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g;

/**
 * Takes credentials out of a text that is about to be kept: connection strings, signatures of addresses,
 * authorization headers, tokens. The texts are errors of libraries, which now and then repeat what they
 * were called with.
 */
export function redact(text: string): string {
  return text.replaceAll(PAIRS, '$1$2***').replaceAll(CREDENTIALS, '$1 ***').replaceAll(TOKENS, '***');
}
