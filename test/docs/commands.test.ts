import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { notesOf } from '../../scripts/release/notes.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), 'utf8');
const { scripts, version } = z
  .object({ scripts: z.record(z.string(), z.string()), version: z.string() })
  .parse(JSON.parse(read('package.json')));
/** Of the command line, from the document that is written from its parser: the words of each command, and its section. */
const COMMANDS = read('docs/how-to-use-the-command-line.md')
  .split(/^### `rdp-medic /m)
  .slice(1)
  .map((section) => ({ words: /^([a-z ]+[a-z])/.exec(section)?.[1] ?? '', section }));

/** Documents whose every command is run by a test, or says that it needs Azure. */
const DOCUMENTS = [
  'CONTRIBUTING.md',
  'docs/alerts.md',
  'docs/how-to-deploy.md',
  'docs/how-to-test-on-azure.md',
  'docs/telemetry.md',
  'docs/tutorial-in-the-lab.md',
  'docs/tutorial-on-azure.md',
  ...readdirSync(join(PACKAGE_ROOT, 'docs/operate')).map((name) => `docs/operate/${name}`),
];

/** Lines of shell blocks, without those of blocks or lines that need Azure. */
function commandsOf(document: string): string[] {
  const blocks = [...read(document).matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, text = '']) => text);
  return blocks
    .filter((text) => !text.trimStart().startsWith('# needs Azure'))
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '' && !line.includes('# needs Azure'))
    .map((line) => line.replace(/\s+#.*$/, '').trim());
}

/** What runs a command here; `undefined`: nothing does. */
function runBy(command: string): string | undefined {
  const [program = '', ...words] = command.split(/\s+/);
  if (program === 'npm' && ['install', 'test', 'start'].includes(words[0] ?? ''))
    return 'the workflow "check"';
  if (program === 'npm' && words[0] === 'run') return scripts[words[1] ?? ''];
  const said = command.replace(/^(node cli\/main\.ts|rdp-medic) /, '');
  if (said === command) return undefined;
  const found = COMMANDS.find(({ words: known }) => said === known || said.startsWith(`${known} `));
  const options = said.match(/--[a-z-]+/g) ?? [];
  return found && options.every((option) => found.section.includes(option)) ? found.words : undefined;
}

describe('commands in documents', () => {
  it.each(DOCUMENTS)('of %s are there, or are said to need Azure', (document) => {
    expect(commandsOf(document).filter((command) => runBy(command) === undefined)).toEqual([]);
  });

  it('are found', () => {
    expect(commandsOf('docs/tutorial-in-the-lab.md')).toEqual([
      'npm install',
      'npm run demo',
      'npm start',
      'node cli/main.ts lab break healthy tls',
      'node cli/main.ts repair healthy --yes',
      'node cli/main.ts lab break peer machine-keys',
      'node cli/main.ts repair peer --mode rehearse --yes',
    ]);
  });
});

describe('links in documents', () => {
  const all = [
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'infra/README.md'],
    ...readdirSync(join(PACKAGE_ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ];
  it.each(all)('of %s lead somewhere', (document) => {
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
