import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { problem } from '../../../shared/errors.ts';
import { problemResponse, type Handler } from '../http.ts';

/** A file of the page, as it is served. */
export interface PageFile {
  readonly content: Uint8Array;
  readonly type: string;
  readonly etag: string;
}

/** The page: one document, and what it loads, by name. */
export interface PageFiles {
  readonly document: PageFile;
  readonly assets: ReadonlyMap<string, PageFile>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Only our own files run and only we are asked; no script and no style stands in the document, no text becomes markup, and nobody
 * frames it.
 */
const POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self'`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types 'none'`,
].join('; ');

/** Reads the page, once: what is served is what was there at the start. @throws Error where it is missing. */
export function readPageFiles(folder: string): PageFiles {
  const read = (...path: string[]): PageFile => {
    const content = readFileSync(join(folder, ...path));
    const type = TYPES[extname(path.at(-1) ?? '')] ?? 'application/octet-stream';
    return {
      content,
      type,
      etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    };
  };
  const names = readdirSync(join(folder, 'assets')).filter((name) => extname(name) in TYPES);
  return {
    document: read('index.html'),
    assets: new Map(names.map((name) => [name, read('assets', name)])),
  };
}

/** `GET /` and `GET /page/assets/{file}`: the page itself, which shows nothing to who has not signed in. */
export function getPageFile(fileOf: (name: string) => PageFile | undefined): Handler {
  return ({ request }) => {
    const file = fileOf(request.params['file'] ?? '');
    if (!file) return Promise.resolve(problemResponse(problem('NotFound')));
    const headers = {
      'content-type': file.type,
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      // Asked each time, answered by a word: a new version of the app is seen at once.
      'cache-control': 'no-cache',
      etag: file.etag,
    };
    return Promise.resolve(
      request.headers.get('if-none-match') === file.etag
        ? { status: 304, headers }
        : { status: 200, headers, body: file.content },
    );
  };
}
