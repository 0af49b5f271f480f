const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A path as Kestrel hands it on: what is UTF-8 decoded, but for `%2F`; what is not, as it was sent.
 * Source: `UrlDecoder` in github.com/dotnet/aspnetcore (src/Shared/UrlDecoder).
 */
export function decodePath(path: string): string {
  return decode(path, (byte) => byte === 0x2f);
}

/**
 * A query as ASP.NET reads it: names in any case are one, blanks may be pluses, and what is no UTF-8 stays as it was sent.
 * Source: `QueryHelpers.ParseQuery` in github.com/dotnet/aspnetcore.
 * @param search with or without its question mark
 */
export function readQuery(search: string): Map<string, { name: string; values: string[] }> {
  const found = new Map<string, { name: string; values: string[] }>();
  for (const pair of search.replace(/^\?/, '').split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    const read = (text: string): string => decode(text.replaceAll('+', ' '), () => false);
    const entry = found.get(read(name).toLowerCase()) ?? { name: read(name), values: [] };
    entry.values.push(read(value));
    found.set(entry.name.toLowerCase(), entry);
  }
  return found;
}

/** @param stays whether an escaped byte is left as it is, though it could be read */
function decode(text: string, stays: (byte: number) => boolean): string {
  return text.replaceAll(ESCAPES, (run) => {
    let decoded = '';
    for (let at = 0; at < run.length;) {
      const character = characterAt(run, at);
      const asSent = character === undefined || stays(character.codePointAt(0) ?? 0);
      const length = asSent ? 1 : Buffer.byteLength(character);
      decoded += asSent ? run.slice(at, at + 3) : character;
      at += 3 * length;
    }
    return decoded;
  });
}

/** The character that the escaped bytes from a place on are, if they are one. */
function characterAt(run: string, at: number): string | undefined {
  const first = Number.parseInt(run.slice(at + 1, at + 3), 16);
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const bytes = Buffer.from(run.slice(at, at + 3 * length).replaceAll('%', ''), 'hex');
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
