import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { notesOf } from '../../scripts/release/notes.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { commandsOf, DOCUMENTS, read } from './support/documents.ts';
import { runBy } from './support/run-by.ts';

const { scripts, version } = z
  .object({ scripts: z.record(z.string(), z.string()), version: z.string() })
  .parse(JSON.parse(read('package.json')));

/** Written by a run of each of its commands (`npm run azure-cli`). */
const WRITTEN_BY_RUNNING = 'docs/azure-command-line.md';

describe('commands in documents', () => {
  const all = DOCUMENTS.filter((document) => document !== WRITTEN_BY_RUNNING);

  it.each(all)('of %s are run by a test or a workflow, or are said to need Azure', (document) => {
    const unrun = commandsOf(document).filter((one) => !one.needsAzure && runBy(one) === undefined);
    expect(unrun.map(({ text }) => text)).toEqual([]);
  });

  it('are found, in blocks and between words', () => {
    const texts = DOCUMENTS.flatMap(commandsOf).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(150);
    for (const one of ['npm run demo', 'azd up', 'rdp-medic cancel <id>', 'npm run guest:zip'])
      expect(texts).toContain(one);
  });

  it.each([
    ['a script that is not there', 'npm run nothing'],
    ['an option that a command does not have', 'rdp-medic list --nothing'],
    ['a command that is not there', 'rdp-medic nothing'],
    ['a fault that the lab does not know', 'npx node cli/main.ts lab break healthy nothing'],
    ['another program', 'azd up'],
    ['a test that is not there', 'npx jest test/nothing'],
  ])('are not run by anything where they are %s', (_what, text) => {
    expect(runBy({ document: 'README.md', text, needsAzure: false })).toBeUndefined();
  });
});

describe('links in documents', () => {
  it.each(DOCUMENTS)('of %s lead somewhere', (document) => {
    const targets = [...read(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)];
    const broken = targets
      .map(([, target = '']) => join(document, '..', target))
      .filter((path) => !existsSync(join(PACKAGE_ROOT, path)));
    expect(broken).toEqual([]);
  });

  it.each(DOCUMENTS)('of %s lead to headings that there are', (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)];
    const broken = links.filter(([, target = '', anchor = '']) => {
      const path = target === '' ? document : join(document, '..', target);
      return !headingsOf(path).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

/** As addresses: small letters, blanks as hyphens, no punctuation. */
function headingsOf(path: string): string[] {
  return [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('workflows', () => {
  const folder = join(PACKAGE_ROOT, '.github/workflows');
  it.each(readdirSync(folder))(
    '%s runs scripts that there are, with a time limit and no more rights than it names',
    (name) => {
      const text = read(join('.github/workflows', name));
      const missing = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].filter(
        ([, script = '']) => !(script in scripts),
      );
      expect(missing.map(([command]) => command)).toEqual([]);
      const files = [...text.matchAll(/(?<![\w/.-])((?:scripts|infra|test)\/[\w./-]+\.\w+)/g)].map(
        ([, file = '']) => file,
      );
      expect(files.filter((file) => !existsSync(join(PACKAGE_ROOT, file)))).toEqual([]);
      expect(text).toMatch(/^permissions:/m);
      expect(text.match(/^ {4}runs-on:/gm)?.length).toBe(text.match(/^ {4}timeout-minutes:/gm)?.length);
    },
  );
});

it('the changelog has the version of the package', () => {
  expect(notesOf(read('CHANGELOG.md'), version)).not.toBe('');
  expect(notesOf(read('CHANGELOG.md'), version)).toBeDefined();
  expect(notesOf(read('CHANGELOG.md'), '99.0.0')).toBeUndefined();
});
