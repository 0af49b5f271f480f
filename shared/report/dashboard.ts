import { createHash } from 'node:crypto';
import { Eta } from 'eta';
import type { OutcomeKind, Phase } from '../model/record.ts';
import { DASHBOARD_PAGE } from './templates/dashboard-page.ts';
import { DASHBOARD_STYLE } from './templates/dashboard-style.ts';
import { PARTS } from './templates/parts.ts';
import { STYLE } from './templates/style.ts';
import { elapsed, formatDuration, formatMoment } from './time.ts';
import { visible } from './visible.ts';
import { OUTCOMES, sentenceCase, type Label } from './words.ts';

/** A remediation, with what its record says of it while it goes on. Times are ISO 8601. */
export interface DashboardRemediation {
  readonly id: string;
  /** Name of the VM. */
  readonly vm: string;
  readonly resourceGroup: string;
  readonly phase: Phase;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  readonly outcome?: OutcomeKind | undefined;
  /** Title of the step it is at. */
  readonly step?: string | undefined;
  /** It has no end, and yet the engine knows of nothing that goes on. */
  readonly lost?: boolean;
}

export interface DashboardFacts {
  readonly now: number;
  readonly version: string;
  /** False while the kill switch is on. */
  readonly accepting: boolean;
  /** Seconds until the page loads itself again; missing: never. */
  readonly refreshSeconds?: number | undefined;
  /** The function key that the page was asked for with; its links carry it on. */
  readonly code?: string | undefined;
  /** The newest first, those that go on and those that have ended. */
  readonly remediations: readonly DashboardRemediation[];
  readonly waiting: readonly { readonly vm: string; readonly since: string; readonly reason: string }[];
  readonly aside: readonly {
    readonly queue: string;
    readonly at: string;
    readonly code: string;
    readonly message: string;
    readonly next: string;
    readonly vm?: string | undefined;
    readonly bytes: number;
  }[];
}

const eta = new Eta({ autoEscape: true, autoTrim: false, cache: true });
for (const [name, template] of Object.entries({ ...PARTS, dashboard: DASHBOARD_PAGE })) {
  eta.loadTemplate(`@${name}`, template);
}
const WHOLE_STYLE = STYLE + DASHBOARD_STYLE;

/** Nothing may be loaded, run, sent or framed, and of all style sheets only ours counts; for the header. */
export const DASHBOARD_POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(WHOLE_STYLE).digest('base64')}'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const NOT_WELL: ReadonlySet<OutcomeKind> = new Set(['not-fixed', 'failed', 'set-by-policy', 'refused']);

/** The dashboard as one page: no scripts, nothing from elsewhere; whatever the facts hold is text in it. */
export function renderDashboard(facts: DashboardFacts): string {
  const { now, remediations, waiting, aside } = facts;
  const running = remediations.filter(({ endedAt }) => endedAt === undefined);
  const ended = remediations.filter(({ endedAt }) => endedAt !== undefined);
  const needPerson = remediations.filter(
    ({ outcome, lost }) => lost === true || (outcome !== undefined && NOT_WELL.has(outcome)),
  );
  const repaired = ended.filter(({ outcome }) => outcome?.startsWith('repaired-'));
  return eta.render('@dashboard', {
    style: WHOLE_STYLE,
    version: visible(facts.version),
    accepting: facts.accepting,
    refreshSeconds: facts.refreshSeconds,
    made: formatMoment(new Date(now).toISOString()),
    // The same page, with and without refreshing itself.
    toggle: address('', {
      code: facts.code,
      refresh: facts.refreshSeconds === undefined ? undefined : 'off',
    }),
    figures: [
      figure('going-on', 'Going on', running.length, 'plain'),
      figure('waiting', 'Waiting', waiting.length, 'warn'),
      figure('ended', 'Repaired', repaired.length, 'good'),
      figure('ended', 'Need a person', needPerson.length, 'bad'),
      figure('aside', 'Put aside', aside.length, 'bad'),
    ],
    running: running.map((one) => viewRunning(one, facts)),
    waiting: waiting.map(({ vm, since, reason }) => ({
      vm: visible(vm),
      since: formatMoment(since),
      reason: visible(reason),
    })),
    ended: ended.map((one) => viewEnded(one, facts)),
    aside: aside.map(({ queue, at, code, message, next, vm, bytes }) => ({
      queue: visible(queue),
      at: formatMoment(at),
      code: visible(code),
      message: visible(message),
      next: visible(next),
      what: vm === undefined ? `Unreadable, ${String(bytes)} bytes` : visible(vm),
    })),
  });
}

function viewRunning(one: DashboardRemediation, { now, code }: DashboardFacts) {
  const label: Label = one.lost
    ? { text: 'Stopped without an end', tone: 'bad' }
    : one.phase === 'approval'
      ? { text: 'Waits for an approval', tone: 'warn' }
      : { text: sentenceCase(one.phase), tone: 'plain' };
  return {
    ...named(one),
    label,
    step: one.step === undefined ? '' : visible(one.step),
    since: formatMoment(one.startedAt),
    took: formatDuration(elapsed(one.startedAt, new Date(now).toISOString())),
    href: reportAddress(one.id, code),
  };
}

function viewEnded(one: DashboardRemediation, { code }: DashboardFacts) {
  const label: Label = one.outcome ? OUTCOMES[one.outcome] : { text: 'Ended', tone: 'plain' };
  return {
    ...named(one),
    label,
    ended: formatMoment(one.endedAt ?? one.startedAt),
    took: formatDuration(elapsed(one.startedAt, one.endedAt ?? one.startedAt)),
    href: reportAddress(one.id, code),
  };
}

function named({ vm, resourceGroup }: DashboardRemediation) {
  return { vm: visible(vm), resourceGroup: visible(resourceGroup) };
}

function figure(anchor: string, name: string, value: number, tone: Label['tone']) {
  return { href: `#${anchor}`, name, value, tone: value === 0 ? 'none' : tone };
}

function reportAddress(id: string, code: string | undefined): string {
  return address(`/api/remediations/${encodeURIComponent(id)}/report`, { code });
}

function address(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path || '?' : `${path}?${new URLSearchParams(given).toString()}`;
}
