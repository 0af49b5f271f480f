import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { DASHBOARD_POLICY, renderDashboard, type DashboardFacts } from '../../../shared/report/dashboard.ts';
import { visible } from '../../../shared/report/visible.ts';
import { readHtml } from './dom.ts';
import { hostileText, occurrences } from './hostile.ts';

const ID = `vm-${'0'.repeat(32)}-20260301115000000-abcd`;

/** A dashboard with something in every place; `text` wherever a stranger may have written. */
function facts(text = 'tls', more: Partial<DashboardFacts> = {}): DashboardFacts {
  return {
    now: Date.parse('2026-03-01T12:00:00Z'),
    version: '1.2.3',
    accepting: true,
    refreshSeconds: 15,
    remediations: [
      {
        id: ID,
        vm: text,
        resourceGroup: text,
        phase: 'offline',
        step: text,
        startedAt: '2026-03-01T11:50:00Z',
      },
      {
        id: ID,
        vm: text,
        resourceGroup: text,
        phase: 'ended',
        outcome: 'repaired-online',
        startedAt: '2026-03-01T11:00:00Z',
        endedAt: '2026-03-01T11:03:20Z',
      },
    ],
    waiting: [{ vm: text, since: '2026-03-01T11:59:00Z', reason: text }],
    aside: [
      {
        queue: text,
        at: '2026-03-01T11:58:00Z',
        code: text,
        message: text,
        next: text,
        vm: text,
        bytes: 7,
      },
    ],
    ...more,
  };
}
const read = (what: DashboardFacts) => readHtml(renderDashboard(what));

describe('The dashboard', () => {
  it('shows what goes on, what waits, what has ended, and what came to nothing', () => {
    const dom = read(facts('tls-policy'));
    expect(dom.textOf('h2')).toEqual(['Going on', 'Waiting for a place', 'Ended', 'Messages put aside']);
    expect(dom.text).toContain('10 min');
    expect(dom.text).toContain('3 min 20 s');
    expect(dom.textOf('li').map((figure) => figure.replaceAll(/\s+/g, ' ').trim())).toEqual([
      '1 Going on',
      '1 Waiting',
      '1 Repaired',
      '0 Need a person',
      '1 Put aside',
    ]);
  });

  it('says so where there is nothing to show', () => {
    const dom = read(facts('', { remediations: [], waiting: [], aside: [] }));
    expect(dom.textOf('table')).toEqual([]);
    for (const sentence of ['Nothing goes on.', 'No VM waits.', 'None has ended yet.']) {
      expect(dom.text).toContain(sentence);
    }
  });

  it('tells of a remediation that has no end and is gone', () => {
    const lost = {
      id: ID,
      vm: 'tls',
      resourceGroup: 'rg',
      phase: 'online',
      startedAt: '2026-03-01T08:00:00Z',
      lost: true,
    } as const;
    expect(read(facts('', { remediations: [lost] })).text).toContain('Stopped without an end');
  });

  it('says that the kill switch is on', () => {
    expect(read(facts()).text).not.toContain('Kill switch');
    expect(read(facts('', { accepting: false })).text).toContain('Kill switch on');
  });

  it('links each report, with the key that it was opened with', () => {
    const report = `/api/remediations/${ID}/report`;
    const links = (code?: string) => read(facts('tls', { code })).attribute('href');
    expect(links()).toEqual(expect.arrayContaining([report]));
    expect(links('a&b="c"')).toEqual(
      expect.arrayContaining([`${report}?code=a%26b%3D%22c%22`, '?code=a%26b%3D%22c%22&refresh=off']),
    );
  });

  it('loads itself again, and can be told not to', () => {
    expect(read(facts()).attribute('http-equiv')).toEqual(['refresh']);
    const still = read(facts('tls', { refreshSeconds: undefined }));
    expect(still.attribute('http-equiv')).toEqual([]);
    expect(still.textOf('footer').join()).toContain('Refresh by itself');
  });

  it('holds no scripts, loads nothing, and tells no other site its address', () => {
    const dom = read(facts());
    const elements = dom.skeleton.map((line) => line.split(' ')[0]);
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'embed', 'form', 'base']) {
      expect(elements).not.toContain(name);
    }
    expect(dom.attribute('content')).toContain('no-referrer');
    const [style = ''] = dom.textOf('style');
    const hash = createHash('sha256').update(style).digest('base64');
    expect(DASHBOARD_POLICY).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  it('can be read by those who do not see it: language, one first heading, headed tables, named links', () => {
    const dom = read(facts('tls'));
    expect(dom.attribute('lang')).toEqual(['en']);
    expect(dom.textOf('h1')).toHaveLength(1);
    expect(
      dom.skeleton.filter((line) => line.startsWith('th ')).every((line) => line.startsWith('th scope')),
    ).toBe(true);
    const named = dom.textOf('a').filter((text) => text.includes('tls'));
    expect(named).toEqual(['So far of tls', 'Read the report of tls']);
  });

  it('shows whatever strangers wrote as text, and never as markup', () => {
    const harmless = read(facts('harmless'));
    const places = occurrences(harmless.text, 'harmless');
    expect(places).toBeGreaterThan(10);
    fc.assert(
      fc.property(hostileText, (text) => {
        const dom = read(facts(text, { code: text }));
        expect(dom.skeleton).toEqual(harmless.skeleton);
        expect(occurrences(dom.text, visible(text))).toBeGreaterThanOrEqual(places);
        expect(dom.attribute('href').every((href) => /^(#[a-z-]+$|\?code=|\/api\/)/.test(href))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
