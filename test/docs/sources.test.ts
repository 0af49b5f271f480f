import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { read } from './support/documents.ts';

const ROOMS = ['cli', 'functions', 'guest', 'infra', 'lab', 'local', 'page', 'scripts', 'shared', 'test'];
const files = ROOMS.flatMap((room) =>
  readdirSync(join(PACKAGE_ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|cjs|ps1|bicep|sh|py)$/.test(name))
    .map((name) => join(room, name))
    .filter((name) => !name.startsWith('test/fixtures') && name !== 'test/docs/sources.test.ts'),
);

/** Whole comments: lines that belong together are one. */
function commentsOf(path: string): string[] {
  const lines = read(path).split('\n');
  const isComment = (line: string): boolean => /^\s*(\/\*|\*|\/\/|#(?!!))/.test(line);
  const comments: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (!isComment(line)) continue;
    const text = line.replace(/^\s*(\/\*\*?|\*\/?|\/\/|#)\s?/, '').replace(/\*\/$/, '');
    if (index > 0 && isComment(lines[index - 1] ?? '')) comments.push(`${comments.pop() ?? ''} ${text}`);
    else comments.push(text);
  }
  return comments;
}

/** A page on the web, a repository, a specification, a page or a file of this project. */
const CAN_BE_OPENED =
  /learn\.microsoft\.com|support\.microsoft\.com|github\.com|https?:\/\/|\bRFC \d|\[MS-[A-Z]+\]|\bX\.\d{3}|docs\/[\w/.-]+\.md|\b(lab|test|shared|local)\/[\w/.-]+/;

const all = files.flatMap((path) => commentsOf(path).map((text) => ({ path, text })));

describe('comments in the code', () => {
  it('are read', () => {
    expect(all.length).toBeGreaterThan(3000);
  });

  it('that give a source give one that a reader can open', () => {
    const sources = all.filter(({ text }) => /\bSources?: /.test(text));
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.filter(({ text }) => !CAN_BE_OPENED.test(text))).toEqual([]);
  });

  it('name no notes that are kept elsewhere', () => {
    const closed =
      /domain notes|\b(our|my|the) notes\b|\bfindings\/|\bdesign\.md|\bwindows\.md|azure-docs, |\/work\//i;
    expect(all.filter(({ text }) => closed.test(text))).toEqual([]);
  });

  it('name pages of docs/ that are there', () => {
    const named = all.flatMap(({ path, text }) =>
      [...text.matchAll(/(?<![\w/])docs\/[\w/.-]+\.md/g)].map(([page]) => ({ path, page })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ page }) => !existsSync(join(PACKAGE_ROOT, page)))).toEqual([]);
  });
});
