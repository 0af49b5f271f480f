const THUMBPRINT = /\b[0-9A-F]{40}\b/gi;
/** A run's own number, as the journal is called by. */
const NONCE = /\b[0-9a-f]{32}\b/g;
const MOMENT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;

/**
 * A value with what chance decides taken out: keys and certificates are made anew by each run, so their names
 * become `certificate-1` and so on in the order of appearance, and their content goes. Runs are numbered likewise.
 */
export function comparable(value: unknown): unknown {
  const text = JSON.stringify(value, (name: string, child: unknown) => {
    if (name === 'Blob') return 'a certificate';
    return name === 'pem' ? 'a key' : child;
  });
  return JSON.parse(
    text
      .replace(THUMBPRINT, renamed('certificate'))
      .replace(NONCE, renamed('run'))
      .replace(MOMENT, 'a moment'),
  );
}

function renamed(kind: string): (name: string) => string {
  const names = new Map<string, string>();
  return (name) => {
    const key = name.toUpperCase();
    const known = names.get(key) ?? `${kind}-${String(names.size + 1)}`;
    names.set(key, known);
    return known;
  };
}
