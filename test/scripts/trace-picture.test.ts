import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { traceSvg, type Drawn } from '../../scripts/pictures/trace.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

const span = (spanId: string, parentSpanId: string | undefined, given: Partial<Drawn>): Drawn => ({
  traceId: 'trace-1',
  spanId,
  parentSpanId,
  name: spanId,
  from: 0,
  to: 60_000,
  failed: false,
  attributes: {},
  ...given,
});
const root = span('remediation', undefined, {
  attributes: {
    'rdp_medic.vm': '/subscriptions/1/virtualMachines/web',
    'rdp_medic.outcome': 'repaired-online',
  },
});
const step = span('tls', 'remediation', { attributes: { 'rdp_medic.state': 'done' } });
const labelsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text x="\d+" y="[\d.]+"[^>]*>([^<]*)<\/text>/g)].map(([, label = '']) => label);

describe('The picture of a trace', () => {
  it('has rows for the remediation, its request, its steps, what they do, and the calls of that', () => {
    const svg = traceSvg([
      root,
      step,
      span('request', 'remediation', {}),
      span('activity-1', 'tls', { name: 'applyChanges' }),
      span('activity-2', 'tls', { name: 'applyChanges' }),
      span('call-1', 'activity-1', { name: 'PUT Microsoft.Compute/virtualMachines/runCommands' }),
      span('loose', 'remediation', { name: 'saveRecord' }),
    ]);
    expect(labelsOf(svg).slice(-7)).toEqual([
      'remediation',
      'request',
      'tls',
      'applyChanges ×2',
      'PUT Compute/virtualMachines/runCommands',
      'between steps',
      'saveRecord',
    ]);
    expect(svg).toContain('web: repaired-online');
    expect(svg).toContain('trace trace-1, 7 spans');
  });

  it('shows what failed, and nothing so narrow that it cannot be seen', () => {
    const svg = traceSvg([root, { ...step, from: 10, to: 11, failed: true }]);
    expect(svg).toMatch(/width="3\.0"[^>]*fill="#b3261e"/);
  });

  it('takes names as texts', () => {
    expect(traceSvg([root, { ...step, name: '<script>' }])).toContain('&lt;script&gt;');
  });

  it('cannot be drawn without a root', () => {
    expect(() => traceSvg([step])).toThrow('The trace has no root.');
  });

  it('in docs/ is one of a whole repair', () => {
    const labels = labelsOf(readFileSync(join(PACKAGE_ROOT, 'docs/pictures/trace.svg'), 'utf8'));
    for (const label of [
      'remediation',
      'request',
      'snapshot',
      'beginSnapshot',
      'clean-up',
      'PUT Compute/snapshots',
    ])
      expect(labels).toContain(label);
  });
});
