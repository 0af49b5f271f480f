import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../app.ts';

const FOLDER = join(import.meta.dirname, '../../../../page');
const ASSETS = readdirSync(join(FOLDER, 'assets'));

/** Every address that a file of the page names. */
function addressesIn(text: string): string[] {
  const named = /(?:src|href)="([^"#]+)"|from '([^']+)'|import\('([^']+)'\)|url\(([^)]+)\)/g;
  // Types stand in comments, and are not asked for.
  return [...text.replaceAll(/\/\*\*.*?\*\//gs, '').matchAll(named)].map(
    (match) => match.slice(1).find(Boolean) ?? '',
  );
}

describe('GET /', () => {
  it('is the page, for anybody: there is nothing in it', async () => {
    const { status, headers, text } = await createApp({ auth: 'entra' }).call('/');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toBe(readFileSync(join(FOLDER, 'index.html'), 'utf8'));
  });

  it('runs its own files alone, makes no markup of text, is framed by nobody, and sends its address nowhere', async () => {
    const { headers } = await createApp().call('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`default-src 'none'; script-src 'self'; style-src 'self'`);
    expect(policy).toContain(`require-trusted-types-for 'script'`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('takes nothing but GET', async () => {
    expect((await createApp().call('/', { method: 'POST' })).status).toBe(405);
  });
});

describe('GET /page/assets/{file}', () => {
  it.each(ASSETS)('%s', async (name) => {
    const app = createApp();
    const first = await app.call(`/page/assets/${name}`);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toMatch(
      /^(text\/(javascript|css); charset=utf-8|image\/svg\+xml)$/,
    );
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const again = await app.call(`/page/assets/${name}`, { headers });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each(['..%2findex.html', 'nothing.js', 'constructor'])('%s is not there', async (name) => {
    expect((await createApp().call(`/page/assets/${name}`)).status).toBe(404);
  });
});

it('the page names no address outside of the app, and each file that it names is there', () => {
  const files = ['index.html', ...ASSETS.map((name) => join('assets', name))];
  const named = files.flatMap((name) => addressesIn(readFileSync(join(FOLDER, name), 'utf8')));
  expect(named.length).toBeGreaterThan(5);
  for (const address of named) expect(ASSETS).toContain(address.replace(/^(\.\/|\/page\/assets\/)/, ''));
});
