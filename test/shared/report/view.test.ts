import fc from 'fast-check';
import type { Finding } from '../../../shared/model/finding.ts';
import { CAUSES } from '../../../shared/causes/index.ts';
import { outcomeKindSchema, remediationRecordSchema, stepStateSchema } from '../../../shared/model/record.ts';
import { probeStateSchema } from '../../../shared/model/probe.ts';
import { viewFaults } from '../../../shared/report/faults.ts';
import { renderHtml } from '../../../shared/report/html.ts';
import { renderJson } from '../../../shared/report/json.ts';
import { renderMarkdown } from '../../../shared/report/markdown.ts';
import { elapsed, formatDuration, formatMoment } from '../../../shared/report/time.ts';
import { visible } from '../../../shared/report/visible.ts';
import { capitalised, sentenceCase } from '../../../shared/report/words.ts';
import { fullRecord, youngRecord } from './records.ts';

describe('durations', () => {
  it.each([
    [0, 'under 1 s'],
    [499, 'under 1 s'],
    [1000, '1 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [3_900_000, '1 h 5 min'],
    [183_600_000, '2 d 3 h'],
  ])('of %i ms read %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('are never negative, even where a clock was set back', () => {
    expect(elapsed('2026-03-01T12:00:00Z', '2026-03-01T11:00:00Z')).toBe(0);
  });

  it('read in one unit or two, whatever they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 10 ** 11 }), (milliseconds) => {
        expect(formatDuration(milliseconds)).toMatch(/^\d+ (s|min|h|d)( \d+ (s|min|h))?$/);
      }),
    );
  });
});

describe('moments', () => {
  it('are told in UTC, to the second', () => {
    expect(formatMoment('2026-03-01T12:00:05.678Z')).toBe('2026-03-01 12:00:05 UTC');
  });
});

describe('what the eye cannot see', () => {
  it('is made visible, but line breaks and tabs stay', () => {
    expect(visible('a\u0000b\u202Ec\r\nd\te\u001b[0m')).toBe('a\uFFFDb\uFFFDc\nd\te\uFFFD[0m');
  });

  it('leaves ordinary text of any language alone', () => {
    expect(visible('Größe: 10 €, имя, 名前')).toBe('Größe: 10 €, имя, 名前');
  });
});

describe('names of changes', () => {
  it.each([
    ['restart-vm', 'Restart VM'],
    ['set-value', 'Set value'],
    ['Took ownership of MachineKeys', 'Took ownership of MachineKeys'],
  ])('%s reads %s', (word, text) => {
    expect(sentenceCase(word)).toBe(text);
  });
});

describe('capitals', () => {
  it('are given to our own words alone', () => {
    expect(['the protocol is off', 'ßx', 'ﬁx', ''].map(capitalised)).toEqual([
      'The protocol is off',
      'ßx',
      'ﬁx',
      '',
    ]);
  });
});

describe('what became of a fault', () => {
  const fault: Finding = { cause: 'tls', code: 'TlsServerDisabled', severity: 'fault', detail: '', data: {} };
  const [template] = fullRecord().steps;
  const step = { ...template!, findings: [fault] };
  const fates = (...steps: (typeof step)[]): string[] =>
    viewFaults({ steps }).map(({ afterwards }) => afterwards.text);

  it('is only reported where nothing was done about it', () => {
    expect(fates(step)).toEqual(['Reported only']);
  });

  it('is gone once a step has fixed it', () => {
    expect(fates(step, { ...step, state: 'fixed' })).toEqual(['Gone']);
  });

  it('is still there where it outlived the step', () => {
    expect(fates({ ...step, state: 'failed', remaining: [fault] })).toEqual(['Still there']);
  });

  it('is decided by the last step that met it', () => {
    const failed = { ...step, state: 'failed' as const, remaining: [fault] };
    expect(fates(failed, { ...step, state: 'fixed' })).toEqual(['Gone']);
    expect(fates({ ...step, state: 'fixed' }, failed)).toEqual(['Still there']);
  });

  it('is no question for mere notes', () => {
    expect(fates({ ...step, findings: [{ ...fault, severity: 'info' }] })).toEqual([]);
  });
});

describe('What a person is asked', () => {
  const question = { about: 'offline', plan: 'a'.repeat(64), expiresAt: '2026-03-02T12:00:00.000Z' } as const;

  it('stands in both reports while it is waited for, with the plan to say yes to, and no link that would say it', () => {
    const waiting = { ...youngRecord(), phase: 'approval' as const, question };
    for (const report of [renderHtml(waiting), renderMarkdown(waiting)]) {
      expect(report).toContain('Waiting for approval');
      expect(report).toContain(question.plan);
      expect(report).not.toMatch(/href="[^"]*approval/);
    }
  });

  it('stands there no longer once it was answered', () => {
    expect(renderHtml(youngRecord())).not.toContain('Waiting for approval');
  });
});

describe('every word of the model has its words in the reports', () => {
  const record = fullRecord();

  it.each(outcomeKindSchema.options)('outcome %s', (kind) => {
    const with_ = { ...record, outcome: { ...record.outcome!, kind, causes: CAUSES.map(({ id }) => id) } };
    expect(renderMarkdown(with_)).not.toContain('undefined');
    expect(renderHtml(with_)).not.toContain('undefined');
  });

  it.each(stepStateSchema.options)('step state %s', (state) => {
    const steps = record.steps.map((step) => ({ ...step, state }));
    expect(renderHtml({ ...record, steps })).not.toContain('undefined');
  });

  it.each(probeStateSchema.options)('probe state %s', (state) => {
    const probeBefore = { ...record.probeBefore!, state };
    expect(renderHtml({ ...record, probeBefore })).not.toContain('undefined');
  });
});

describe('RDP, seen from outside', () => {
  it('tells which machine answered, and as what', () => {
    const page = renderHtml(fullRecord());
    for (const fact of ['tls-agent-not-r.contoso.example', 'contoso.example', '10.0.20348', '10:25']) {
      expect(page).toContain(fact);
    }
  });
});

describe('the JSON report', () => {
  it('is the record, whole', () => {
    expect(remediationRecordSchema.parse(JSON.parse(renderJson(fullRecord())))).toEqual(fullRecord());
  });
});
