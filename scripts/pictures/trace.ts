/** A span of a trace; times in milliseconds. */
export interface Drawn {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  from: number;
  to: number;
  failed: boolean;
  attributes: Readonly<Record<string, string | number>>;
}

const WIDTH = 1180;
const LABELS = 352;
const ROW = 17;
const TOP = 84;
/** Narrower ones could not be seen: most activities take milliseconds of a repair that takes minutes. */
const LEAST = 3;
const COLOURS = {
  remediation: '#1f3a5f',
  step: '#3b6ea5',
  activity: '#7aa5cf',
  call: '#d9822b',
  failed: '#b3261e',
};
type Kind = keyof typeof COLOURS;
const LEGEND: readonly [Kind, string][] = [
  ['remediation', 'remediation'],
  ['step', 'step of the runbook'],
  ['activity', 'activity'],
  ['call', 'call to Azure'],
  ['failed', 'error, such as 404 for what is not there yet'],
];

interface Row {
  label: string;
  depth: number;
  kind: Kind;
  spans: readonly Drawn[];
}

/**
 * A trace as a picture: a row for the remediation, for each step, for each kind of activity in it, and for each kind of call to Azure that
 * those make.
 * @throws Error for a trace without a root
 */
export function traceSvg(spans: readonly Drawn[]): string {
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  if (!root) throw new Error('The trace has no root.');
  const rows = rowsOf(spans, root);
  const height = TOP + rows.length * ROW + 14;
  const scale = (WIDTH - LABELS - 24) / (root.to - root.from);
  const x = (at: number): number => LABELS + (at - root.from) * scale;
  const bar = (span: Drawn, kind: Kind, y: number): string => {
    const width = Math.max(LEAST, (span.to - span.from) * scale);
    const inset = kind === 'call' ? 5 : 3;
    return `<rect x="${x(span.from).toFixed(1)}" y="${String(y + inset)}" width="${width.toFixed(1)}" height="${String(ROW - 2 * inset)}" rx="1.5" fill="${COLOURS[span.failed ? 'failed' : kind]}"/>`;
  };
  const yOf = (index: number): number => TOP + index * ROW;
  const bands = rows.flatMap(({ kind }, index) =>
    kind === 'step'
      ? [`<rect y="${String(yOf(index))}" width="${String(WIDTH)}" height="${String(ROW)}" fill="#eef3f8"/>`]
      : [],
  );
  const lines = rows.map(({ label, depth, kind, spans: all }, index) => {
    const style = kind === 'call' ? ' fill="#8a4f12"' : depth < 2 ? ' font-weight="600"' : '';
    const times = all.length > 1 ? ` ×${String(all.length)}` : '';
    const text = `<text x="${String(14 + depth * 14)}" y="${String(yOf(index) + 12.5)}"${style}>${escaped(label.replace('Microsoft.', '') + times)}</text>`;
    return text + all.map((one) => bar(one, kind, yOf(index))).join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="11" role="img">`,
    `<title>The trace of one repair: its request, steps, activities, and calls to Azure</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...heading(spans, root),
    ...bands,
    ...ticks(root, x, height),
    ...lines,
    `</svg>`,
    '',
  ].join('\n');
}

/** What was repaired, as what trace, and what the colours are. */
function heading(spans: readonly Drawn[], { traceId, attributes }: Drawn): string[] {
  const vm = String(attributes['rdp_medic.vm']).split('/').at(-1) ?? '';
  const outcome = String(attributes['rdp_medic.outcome']);
  const own = spans.filter((span) => span.traceId === traceId);
  let at = 14;
  const legend = LEGEND.map(([kind, words]) => {
    const drawn = `<rect x="${String(at)}" y="40" width="12" height="9" rx="1.5" fill="${COLOURS[kind]}"/><text x="${String(at + 17)}" y="48.5" fill="#3d4753">${words}</text>`;
    at += 40 + words.length * 6;
    return drawn;
  });
  return [
    `<text x="14" y="24" font-size="15" font-weight="600">${escaped(`${vm}: ${outcome}`)}</text>`,
    `<text x="${String(WIDTH - 14)}" y="24" fill="#5b6470" text-anchor="end">trace ${traceId}, ${String(own.length)} spans</text>`,
    ...legend,
  ];
}

function ticks(root: Drawn, x: (at: number) => number, height: number): string[] {
  const seconds = Math.ceil((root.to - root.from) / 1000);
  const every = [5, 10, 15, 30, 60, 120].find((step) => seconds / step <= 12) ?? 300;
  return Array.from({ length: Math.floor(seconds / every) + 1 }, (_, index) => {
    const at = x(root.from + index * every * 1000).toFixed(1);
    return `<line x1="${at}" x2="${at}" y1="${String(TOP - 6)}" y2="${String(height - 8)}" stroke="#d7dee6"/><text x="${at}" y="${String(TOP - 12)}" fill="#5b6470" text-anchor="middle">${String(index * every)} s</text>`;
  });
}

function rowsOf(spans: readonly Drawn[], root: Drawn): Row[] {
  const under = ({ spanId }: Drawn): Drawn[] =>
    spans.filter((span) => span.parentSpanId === spanId).toSorted((one, other) => one.from - other.from);
  const steps = under(root).filter((span) => 'rdp_medic.state' in span.attributes);
  const requests = under(root).filter(({ name }) => name === 'request');
  const rest = under(root).filter((span) => !steps.includes(span) && !requests.includes(span));
  const row = (label: string, kind: Kind, depth: number, all: readonly Drawn[]): Row => ({
    label,
    kind,
    depth,
    spans: all,
  });
  return [
    row('remediation', 'remediation', 0, [root]),
    ...(requests.length === 0 ? [] : [row('request', 'activity', 1, requests)]),
    ...steps.flatMap((step) => [row(step.name, 'step', 1, [step]), ...activityRows(under(step), under)]),
    ...(rest.length === 0 ? [] : [row('between steps', 'step', 1, []), ...activityRows(rest, under)]),
  ];
}

function activityRows(activities: readonly Drawn[], under: (span: Drawn) => Drawn[]): Row[] {
  const byName = (all: readonly Drawn[]): [string, Drawn[]][] => [...Map.groupBy(all, ({ name }) => name)];
  return byName(activities).flatMap(([label, all]): Row[] => [
    { label, depth: 2, kind: 'activity', spans: all },
    ...byName(all.flatMap(under)).map(([call, calls]): Row => ({
      label: call,
      depth: 3,
      kind: 'call',
      spans: calls,
    })),
  ]);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
