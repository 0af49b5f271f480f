import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');
/** Where words for people are written. The embedded host says nothing to them. */
const SOURCES = [
  'cli',
  'functions',
  'local/demo',
  'local/explain',
  'page/assets',
  'shared',
  'lab/fleet/kinds',
];
const DOCUMENTS = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md') && !notForUsers().includes(name))
    .map((name) => join('docs', name)),
  'docs/policies/README.md',
  ...readdirSync(join(ROOT, 'docs/operate')).map((name) => join('docs/operate', name)),
];

/** For whoever works on the project itself. */
function notForUsers(): string[] {
  return ['azure-command-line.md'];
}

/** Phrases over which a native operations engineer would stumble; each has a word of the field. */
const STUMBLES: readonly [RegExp, string][] = [
  [/\b(goes|go|going) on\b/i, 'continues, is running'],
  [/\bby hand\b/i, 'manually'],
  [/\b(taken|takes|take) (it |them |this )?back\b/i, 'undone, undo'],
  [/\bmend(s|ed|ing)?\b/i, 'repair, fix'],
  [/\b(put|puts|putting|goes) (the \w+ )?under (the VM|it)\b/i, 'swap in'],
  [/\bway back\b/i, 'rollback'],
  [/\b(a|the) \w+ stands (on|in|before|behind|beside|there)\b/i, 'is'],
  [/\bthrown away\b/i, 'deleted'],
  [/\bcall(ed|s)? (it |them )?off\b/i, 'cancel'],
  [/\b(comes|come|came) up\b(?! later)/i, 'starts'],
  [/\bas it was found\b(?!\.)/i, 'unchanged'],
  [/\blook(s|ed)? at (it|the|a|by|again)\b/i, 'check, examine'],
  [/\b(takes nothing in|doors? (is|are)? ?clos\w+|every door)\b/i, 'accepts no requests'],
  [/\bto be had\b/i, 'available'],
  [/\bfor want of\b/i, 'because there is no'],
  [/\b(lets?|let) (\w+ )?in\b/i, 'allow, accept the credentials of'],
  [/\b(asks?|asked) (for a repair|again|RDP)\b|\bRDP is asked\b/i, 'request, check'],
  [/\bon the wire\b/i, 'check RDP'],
  [/\b(put|puts) aside\b/i, 'poison message'],
  [/\b(loads itself|break off with)\b/i, 'refreshes, press Ctrl-C'],
  [/\b(is|are|was|were) told\b/i, 'is notified, shown'],
  [/\bnobody is here\b/i, 'not an interactive terminal'],
  [/\bmade on the way\b/i, 'temporary resources'],
  [/\bno place (yet|is)\b|\bwaits? for a place\b/i, 'concurrency limit, queued'],
];

/** Every text in a source that has more than one word. */
function textsOf(path: string): { text: string; line: number }[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(ROOT, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const texts: { text: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push({ text: node.text, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts.filter(({ text }) => /\w \w/.test(text));
}

function stumbles(text: string): string[] {
  return STUMBLES.flatMap(([phrase, instead]) => {
    const found = phrase.exec(text)?.[0];
    return found === undefined ? [] : [`“${found}”: say “${instead}”`];
  });
}

const sources = SOURCES.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => join(folder, name)),
);

it('What people read is said in the field’s own words: sources', () => {
  const found = sources.flatMap((path) =>
    textsOf(path).flatMap(({ text, line }) =>
      stumbles(text).map((stumble) => `${path}:${String(line)}: ${stumble}`),
    ),
  );
  expect(found).toEqual([]);
  // Were nothing read, nothing would be found.
  expect(sources.flatMap(textsOf).length).toBeGreaterThan(1000);
});

it.each(DOCUMENTS)('What people read is said in the field’s own words: %s', (path) => {
  const found = readFileSync(join(ROOT, path), 'utf8')
    .split('\n')
    // Titles of tests name themselves.
    .map((line) => line.replaceAll(/`test\/[^|]*/g, ''))
    .flatMap((line, index) => stumbles(line).map((stumble) => `${path}:${String(index + 1)}: ${stumble}`));
  expect(found).toEqual([]);
});

it('Each phrase of the list is found where it is used', () => {
  expect(stumbles('The repaired disk goes under the VM, and RDP is asked again.')).toHaveLength(2);
  expect(stumbles('What was done is taken back by hand.')).toHaveLength(2);
});
