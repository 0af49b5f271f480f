import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { renderHtml } from '../../../shared/report/html.ts';
import { visible } from '../../../shared/report/visible.ts';
import { readHtml } from './dom.ts';
import { freePlaces, hostileText, occurrences, plant } from './hostile.ts';
import { fullRecord, youngRecord } from './records.ts';

describe('the HTML report', () => {
  const full = readHtml(renderHtml(fullRecord()));

  it('says the verdict first', () => {
    expect(full.textOf('h1')).toEqual(['tls-agent-not-ready Repaired offline']);
    expect(full.textOf('title')[0]).toBe('tls-agent-not-ready: Repaired offline (RDP Medic)');
  });

  it('tells the whole story in order', () => {
    expect(full.textOf('h2')).toEqual([
      'What to do next',
      'Downtime and timeline',
      'RDP, as seen from outside',
      'What was wrong',
      'Plan',
      'Approval',
      'Steps',
      'Changes, and how to undo them',
      'What is kept until when',
      'Changes undone',
      'Resources',
      'Request',
    ]);
  });

  it.each([
    '2026-03-01 12:03:30 UTC',
    '15 min 30 s',
    '26 min 40 s',
    'Set it back to *.',
    'It did not exist before: remove it.',
    'snap-rem-4f1c2a9b7d3e-2',
    '2026-03-08 12:20:00 UTC',
    '93D7191D72196C15C3657F5AFA427442B0E165DB',
    'Approved by ada@example.com, 2026-03-01 12:03:40 UTC',
    'Removed: NETWORK SERVICE: denied read',
    'Rescue VM: about $0.05.',
  ])('shows %s', (text) => {
    expect(full.text).toContain(text);
  });

  it('gives commands in blocks, one a line, for the Azure CLI and for PowerShell', () => {
    const blocks = full.textOf('pre');
    expect(full.textOf('figcaption')).toEqual(
      expect.arrayContaining(['Azure CLI', 'PowerShell (Az module)']),
    );
    expect(blocks.flatMap((block) => block.split('\n'))).toEqual(
      expect.arrayContaining([
        'az vm start --resource-group rg-fleet --name tls-agent-not-ready',
        "Start-AzVM -ResourceGroupName 'rg-fleet' -Name 'tls-agent-not-ready'",
      ]),
    );
    expect(blocks.join('')).not.toContain('&&');
  });

  it('links the evidence', () => {
    expect(full.attribute('href')).toEqual([
      'https://example.blob.core.windows.net/remediations/offline-tls.log',
    ]);
  });

  it('has nothing but a request to tell of a remediation that has just begun', () => {
    const young = readHtml(renderHtml(youngRecord()));
    expect(young.textOf('h1')).toEqual(['tls-agent-not-ready Running']);
    expect(young.textOf('h2')).toEqual(['Request']);
  });

  it('is the same file for the same record', () => {
    expect(renderHtml(fullRecord())).toBe(renderHtml(fullRecord()));
  });
});

describe('the HTML report as a file', () => {
  const html = renderHtml(fullRecord());
  const dom = readHtml(html);

  it('holds no scripts, and loads nothing', () => {
    const elements = dom.skeleton.map((line) => line.split(' ')[0]);
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'embed', 'form', 'base']) {
      expect(elements).not.toContain(name);
    }
    for (const name of ['src', 'srcset', 'style', 'onload', 'onclick'])
      expect(dom.attribute(name)).toEqual([]);
    expect(dom.textOf('style').join('')).not.toMatch(/url\(|@import/);
  });

  it('forbids everything but its own style sheet', () => {
    const [style = ''] = dom.textOf('style');
    const hash = createHash('sha256').update(style).digest('base64');
    expect(dom.attribute('content')).toContain(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('can be read by those who do not see it: language, one first heading, headed tables', () => {
    expect(dom.attribute('lang')).toEqual(['en']);
    expect(dom.textOf('h1')).toHaveLength(1);
    expect(dom.skeleton.filter((line) => line.startsWith('th ')).every((line) => line === 'th scope')).toBe(
      true,
    );
    const drawings = dom.skeleton.filter((line) => line.startsWith('svg'));
    expect(drawings.length).toBe(
      dom.attribute('aria-hidden').length + dom.attribute('aria-labelledby').length,
    );
    for (const id of dom.attribute('aria-labelledby').flatMap((ids) => ids.split(' ')))
      expect(dom.attribute('id')).toContain(id);
  });
});

describe('whatever the strings of a record hold', () => {
  const record = fullRecord();
  const places = freePlaces(record);
  const harmless = readHtml(renderHtml(plant(record, places, 'harmless')));

  const everywhere = occurrences(harmless.text, 'harmless');

  it('there are many places to plant them in', () => {
    expect(places.size).toBeGreaterThan(80);
  });

  it('they arrive as text, and never as markup', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const dom = readHtml(renderHtml(plant(record, places, text)));
        expect(dom.skeleton.join('\n')).toBe(harmless.skeleton.join('\n'));
        expect(occurrences(dom.text, visible(text))).toBeGreaterThanOrEqual(everywhere);
        expect(dom.attribute('href').every((href) => href.startsWith('https://evidence.example/'))).toBe(
          true,
        );
        expect(dom.text).not.toMatch(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/u);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//evil.example',
    'not an address',
  ])('evidence at %s is shown, not linked', (url) => {
    const step = { ...fullRecord().steps.at(-1)!, evidence: [{ name: 'log', url }] };
    const dom = readHtml(renderHtml({ ...fullRecord(), steps: [step] }));
    expect(dom.attribute('href')).toEqual([]);
    expect(dom.text).toContain(url);
  });
});
