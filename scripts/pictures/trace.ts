/** A span of a trace; times in milliseconds. */
export interface Drawn {
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  from: number;
  to: number;
  failed: boolean;
  attributes: Readonly<Record<string, string | number>>;
}

const WIDTH = 1180;
const LABELS = 260;
const ROW = 16;
const TOP = 46;
const LEAST = 1.5;
const COLOURS = { root: '#1f3a5f', step: '#3b6ea5', activity: '#8fb3d9', call: '#d9822b', failed: '#b3261e' };
type Kind = keyof typeof COLOURS;

interface Row {
  label: string;
  depth: number;
  bars: { span: Drawn; kind: Kind }[];
}

/** A trace as a picture: a row for the remediation, for each step, and for each kind of activity in it; calls to Azure on the rows of those that make them. */
export function traceSvg(spans: readonly Drawn[]): string {
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  if (!root) throw new Error('The trace has no root.');
  const rows = rowsOf(spans, root);
  const height = TOP + rows.length * ROW + 12;
  const scale = (WIDTH - LABELS - 20) / (root.to - root.from);
  const x = (at: number): number => LABELS + (at - root.from) * scale;
  const bar = ({ span, kind }: Row['bars'][number], y: number): string => {
    const width = Math.max(LEAST, (span.to - span.from) * scale);
    const [inset, fill] = [kind === 'call' ? 5 : 2, COLOURS[span.failed ? 'failed' : kind]];
    return `<rect x="${x(span.from).toFixed(1)}" y="${String(y + inset)}" width="${width.toFixed(1)}" height="${String(ROW - 2 * inset)}" fill="${fill}"/>`;
  };
  const lines = rows.map(({ label, depth, bars }, index) => {
    const y = TOP + index * ROW;
    const weight = depth < 2 ? ' font-weight="600"' : '';
    return `<text x="${String(10 + depth * 14)}" y="${String(y + 12)}"${weight}>${label}</text>${bars.map((one) => bar(one, y)).join('')}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="11" role="img">`,
    `<title>The trace of one repair: its steps, activities, and calls to Azure</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...ticks(root, x, height),
    ...lines,
    `</svg>`,
    '',
  ].join('\n');
}

function ticks(root: Drawn, x: (at: number) => number, height: number): string[] {
  const seconds = Math.ceil((root.to - root.from) / 1000);
  const every = [5, 10, 15, 30, 60, 120].find((step) => seconds / step <= 12) ?? 300;
  return Array.from({ length: Math.floor(seconds / every) + 1 }, (_, index) => {
    const at = x(root.from + index * every * 1000).toFixed(1);
    return `<line x1="${at}" x2="${at}" y1="30" y2="${String(height - 8)}" stroke="#e3e7ec"/><text x="${at}" y="24" fill="#5b6470" text-anchor="middle">${String(index * every)} s</text>`;
  });
}

function rowsOf(spans: readonly Drawn[], root: Drawn): Row[] {
  const under = ({ spanId }: Drawn): Drawn[] =>
    spans.filter((span) => span.parentSpanId === spanId).toSorted((one, other) => one.from - other.from);
  const steps = under(root).filter((span) => 'rdp_medic.state' in span.attributes);
  const between = { ...root, name: 'between steps' };
  const rows: Row[] = [{ label: 'remediation', depth: 0, bars: [{ span: root, kind: 'root' }] }];
  for (const step of steps) {
    rows.push({ label: step.name, depth: 1, bars: [{ span: step, kind: 'step' }] });
    rows.push(...activityRows(under(step), under));
  }
  const rest = under(root).filter((span) => !steps.includes(span));
  return rest.length === 0
    ? rows
    : [...rows, { label: between.name, depth: 1, bars: [] }, ...activityRows(rest, under)];
}

function activityRows(activities: readonly Drawn[], under: (span: Drawn) => Drawn[]): Row[] {
  const byName = Map.groupBy(activities, ({ name }) => name);
  return [...byName].map(([label, all]) => ({
    label,
    depth: 2,
    bars: all.flatMap((span) => [
      { span, kind: 'activity' as const },
      ...under(span).map((call) => ({ span: call, kind: 'call' as const })),
    ]),
  }));
}
