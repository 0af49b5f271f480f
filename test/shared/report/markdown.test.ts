import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { renderMarkdown } from '../../../shared/report/markdown.ts';
import { visible } from '../../../shared/report/visible.ts';
import { readHtml } from './dom.ts';
import { freePlaces, hostileText, occurrences, plant } from './hostile.ts';
import { fullRecord, youngRecord } from './records.ts';

/** As generous as readers come: raw HTML, tables, strike-through, automatic links for URLs and mail. */
const parser = new MarkdownIt({ html: true, linkify: true });
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: true });

const TEXTUAL = ['text', 'code_inline', 'strong_open', 'strong_close', 'link_open', 'link_close'];

function structure(markdown: string): { blocks: string[]; inline: string[] } {
  const tokens = parser.parse(markdown, {});
  return {
    blocks: tokens.map(({ type }) => type),
    inline: tokens.flatMap(({ children }) => children?.map(({ type }) => type) ?? []),
  };
}

describe('the Markdown report', () => {
  const markdown = renderMarkdown(fullRecord());

  it('says the verdict first', () => {
    expect(markdown.split('\n').slice(0, 3)).toEqual([
      '# tls-agent-not-ready: Repaired offline',
      '',
      '**Verdict:** RDP on tls-agent-not-ready answers again; a copy of its OS disk was repaired and put under the VM.',
    ]);
  });

  it('tells the story of each step', () => {
    expect(markdown).toContain('| Offline repair | Fixed | 2026-03-01 12:03:30 UTC | 15 min 30 s |');
    expect(markdown).toContain(
      '- Changed: Restrict security rule, nsg-fleet/allow-rdp (\\* → 203.0.113.0/24)',
    );
  });

  it('says how each change is taken back, the last change first, with commands that are copied as they are', () => {
    const [, after = ''] = markdown.split('## Changes, and how to undo them');
    const [section = ''] = after.split('\n## ');
    const items = section.split('\n').filter((line) => line.startsWith('- '));
    expect(items).toEqual([
      expect.stringMatching(/Swap OS disk.*os-tls-agent-not-ready.*Swap the original OS disk back in/),
      expect.stringMatching(/Restart VM.*Nothing to undo/),
      expect.stringMatching(/Set permissions.*Added: SYSTEM: full control.*its previous permissions/),
      expect.stringMatching(/NMICrashDump.*It did not exist before: remove it\./),
      expect.stringMatching(/Enabled.*Set it back to 0\./),
      expect.stringMatching(/Restrict security rule.*Set it back to \\\*\./),
    ]);
    const code = parser.parse(section, {}).filter(({ type }) => type === 'fence');
    expect(code[0]?.content.split('\n')).toEqual([
      'az account set --subscription 00000000-0000-4000-8000-000000000001',
      'az vm deallocate --resource-group rg-fleet --name tls-agent-not-ready',
      'az vm update --resource-group rg-fleet --name tls-agent-not-ready --os-disk os-tls-agent-not-ready',
      'az vm start --resource-group rg-fleet --name tls-agent-not-ready',
      '',
    ]);
  });

  it('has nothing but a request to tell of a remediation that has just begun', () => {
    const headings = renderMarkdown(youngRecord()).match(/^#+ .*$/gm);
    expect(headings).toEqual(['# tls-agent-not-ready: Running', '## Request']);
  });
});

describe('whatever the strings of a record hold', () => {
  const record = fullRecord();
  const places = freePlaces(record);
  const harmless = structure(renderMarkdown(plant(record, places, 'harmless')));
  const textOf = (markdown: string): string => readHtml(parser.render(markdown)).text.replace(/\s+/g, ' ');
  const everywhere = occurrences(textOf(renderMarkdown(plant(record, places, 'harmless'))), 'harmless');
  const links = (inline: string[]): number => inline.filter((type) => type === 'link_open').length;

  it('they arrive in Markdown as text, and never as markup', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const markdown = renderMarkdown(plant(record, places, text));
        const { blocks, inline } = structure(markdown);
        expect(blocks.join(' ')).toBe(harmless.blocks.join(' '));
        expect(inline.filter((type) => !TEXTUAL.includes(type))).toEqual([]);
        expect(links(inline)).toBe(1);
        const shown = visible(text).replace(/\s+/g, ' ').trim();
        expect(occurrences(textOf(markdown), shown)).toBeGreaterThanOrEqual(everywhere);
      }),
      { numRuns: 100 },
    );
  });

  it('names that look like web addresses do not become links', () => {
    const markdown = renderMarkdown(plant(record, places, 'www.evil.com'));
    expect(links(structure(markdown).inline)).toBe(1);
    const outsideOfCode = markdown.replace(/^ *```[^]*?^ *```$/gm, '');
    expect(outsideOfCode.replaceAll('https://evidence.example/www.evil.com', '')).not.toContain(' www.');
  });
});
