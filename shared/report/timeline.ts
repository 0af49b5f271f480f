import type { RemediationRecord, StepRecord } from '../model/record.ts';
import { endOf, outagesOf } from './downtime.ts';
import { elapsed, formatDuration, formatMoment } from './time.ts';
import { STEP_STATES, STEPS, type Label } from './labels.ts';

/** A bar of the drawing; `x` and `width` in per cent of its width, so that text keeps its size on a phone. */
export interface TimelineBar {
  readonly label: string;
  readonly tone: Label['tone'] | 'wait' | 'undo';
  readonly x: string;
  readonly width: string;
  /** Of its row, in pixels from the top. */
  readonly y: number;
}

/** The whole remediation as a drawing, and in words for those who do not see it. */
export interface TimelineView {
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly bars: readonly TimelineBar[];
  /** When the VM was down or restarted, behind the bars. */
  readonly bands: readonly { readonly x: string; readonly width: string }[];
  readonly ticks: readonly { readonly x: string; readonly label: string; readonly anchor: string }[];
  /** What the colours that are there mean. */
  readonly legend: readonly { readonly look: string; readonly text: string }[];
}

const LEGEND = {
  plain: 'done',
  good: 'fixed',
  warn: 'with a warning',
  bad: 'failed',
  wait: 'waiting for approval',
  undo: 'undone',
} as const satisfies Record<TimelineBar['tone'], string>;

const TOP = 26;
const ROW = 38;

/** Of a record with at least one step; `undefined` before. Pure: the same record gives the same drawing. */
export function viewTimeline(record: RemediationRecord): TimelineView | undefined {
  const { steps, startedAt } = record;
  const spans = spansOf(record);
  if (steps.length === 0 || spans.length === 0) return undefined;
  const { outages } = outagesOf(record);
  const end = latest([...spans.map(({ until }) => until), record.endedAt ?? startedAt]);
  const scale = scaleOf(
    startedAt,
    end,
    spans.filter(({ tone }) => tone === 'wait'),
  );
  return {
    height: TOP + spans.length * ROW,
    title: `Timeline of the remediation of ${record.vm.name}`,
    description: describe(spans, outages.length, elapsed(startedAt, end), scale.isShortened),
    bars: spans.map(({ label, tone, from, until }, at) => ({
      label,
      tone,
      ...scale.between(from, until),
      y: TOP + at * ROW,
    })),
    bands: outages.map((one) => scale.between(one.from, endOf(one) ?? end)),
    ticks: ticksOf(startedAt, end, scale),
    legend: [
      ...[...new Set(spans.map(({ tone }) => tone))].map((tone) => ({
        look: `span ${tone}`,
        text: LEGEND[tone],
      })),
      ...(outages.length > 0 ? [{ look: 'band', text: 'VM down or restarting' }] : []),
    ],
  };
}

interface Span {
  readonly label: string;
  readonly tone: TimelineBar['tone'];
  readonly from: string;
  readonly until: string;
}

function spansOf({ steps, undo }: RemediationRecord): Span[] {
  const taken = undo.flatMap(({ startedAt, endedAt, done }): Span[] =>
    startedAt === undefined || endedAt === undefined
      ? []
      : [
          {
            label: `Undo · ${formatDuration(elapsed(startedAt, endedAt))}`,
            tone: done ? 'undo' : 'bad',
            from: startedAt,
            until: endedAt,
          },
        ],
  );
  const all = [
    ...steps.filter(({ state }) => state !== 'skipped' && state !== 'not-needed').map(spanOf),
    ...taken,
  ];
  return all.toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
}

function spanOf({ id, state, startedAt, endedAt }: StepRecord): Span {
  const took = endedAt === undefined ? 'running' : formatDuration(elapsed(startedAt, endedAt));
  return {
    label: `${STEPS[id]} · ${took}`,
    tone: id === 'approval' ? 'wait' : STEP_STATES[state].tone,
    from: startedAt,
    until: endedAt ?? startedAt,
  };
}

interface Scale {
  readonly isShortened: boolean;
  readonly between: (from: string, until: string) => { x: string; width: string };
}

/** What a person is waited for may be a day: it is drawn at most as long as half of all the rest, or nothing else could be seen. */
function scaleOf(start: string, end: string, waits: readonly Span[]): Scale {
  const long = waits.map(({ from, until }) => ({ from: elapsed(start, from), length: elapsed(from, until) }));
  const whole = elapsed(start, end);
  const active = whole - long.reduce((sum, { length }) => sum + length, 0);
  const most = Math.max(active, 60_000) / 2 / Math.max(1, long.length);
  const saved = (until: number): number =>
    long.reduce((sum, { from, length }) => {
      const inside = Math.min(Math.max(0, until - from), length);
      return sum + (length > most ? inside * (1 - most / length) : 0);
    }, 0);
  const place = (moment: string): number => elapsed(start, moment) - saved(elapsed(start, moment));
  const width = Math.max(1, place(end));
  return {
    isShortened: long.some(({ length }) => length > most),
    between(from, until) {
      const x = Math.min(99, (100 * place(from)) / width);
      return {
        x: `${x.toFixed(2)}%`,
        width: `${Math.min(100 - x, Math.max(0.6, (100 * (place(until) - place(from))) / width)).toFixed(2)}%`,
      };
    },
  };
}

/** Seconds between two ticks: the first of which at most four fit. */
const PACES = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

function ticksOf(start: string, end: string, { isShortened, between }: Scale): TimelineView['ticks'] {
  const whole = elapsed(start, end) / 1000;
  const pace = PACES.find((seconds) => whole / seconds <= 4) ?? whole;
  const count = isShortened ? 0 : Math.floor((whole * 0.92) / pace);
  const moments = Array.from({ length: count }, (_, at) => (at + 1) * pace);
  return [
    { x: '0%', label: `${formatMoment(start).slice(11, 19)} UTC`, anchor: 'start' },
    ...moments
      // Beside the first label, which is a moment.
      .filter((seconds) => seconds / whole > 0.34)
      .map((seconds) => ({
        x: between(start, new Date(Date.parse(start) + seconds * 1000).toISOString()).width,
        label: `+${formatDuration(seconds * 1000)}`,
        anchor: 'middle',
      })),
  ];
}

function describe(spans: readonly Span[], outages: number, whole: number, isShortened: boolean): string {
  return [
    `${String(spans.length)} bars from top to bottom, in the order in which they started, over ${formatDuration(whole)}.`,
    ...(outages > 0 ? ['The band behind them shows when the VM was down.'] : []),
    ...(isShortened ? ['The wait for approval is drawn shorter than it was.'] : []),
    'The table below lists the same times.',
  ].join(' ');
}

function latest(moments: readonly string[]): string {
  return moments.reduce((one, other) => (Date.parse(other) > Date.parse(one) ? other : one));
}
