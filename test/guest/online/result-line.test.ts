import { limitResult, resultLine } from '../../../lab/windows/scripts/result-line.ts';
import {
  guestResultSchema,
  RESULT_MARKER,
  type Finding,
  type GuestResult,
} from '../../../shared/model/guest-result.ts';

const LONGEST = 3500;

function finding(severity: Finding['severity'], nth: number): Finding {
  return { code: `Code${String(nth)}`, severity, detail: 'x'.repeat(300), data: { nth } };
}

function resultWith(findings: Finding[], actions = 0): GuestResult {
  return guestResultSchema.parse({
    schema: 1,
    script: 'online/diagnose',
    ok: true,
    changed: actions > 0,
    findings,
    actions: Array.from({ length: actions }, () => ({ what: 'set registry value', target: 'k'.repeat(100) })),
    remaining: [],
    restart: 'none',
    error: null,
  });
}

const lengthOf = (result: GuestResult): number => resultLine(result).length - RESULT_MARKER.length;

describe('a result that is too long for Run Command', () => {
  it('keeps every code, and the words of its faults before those of evidence', () => {
    const result = resultWith([
      ...Array.from({ length: 8 }, (_, nth) => finding('info', nth)),
      ...Array.from({ length: 4 }, (_, nth) => finding('fault', 10 + nth)),
    ]);
    const limited = limitResult(result);
    expect(lengthOf(limited)).toBeLessThanOrEqual(LONGEST);
    expect(limited.findings.map(({ code }) => code)).toEqual(result.findings.map(({ code }) => code));
    expect(limited.findings.slice(8)).toEqual(result.findings.slice(8));
    expect(limited.findings.filter(({ detail }) => detail === '').length).toBeGreaterThan(0);
  });

  it('loses its last actions when its findings are not enough, and still says that it changed something', () => {
    const limited = limitResult(resultWith([finding('fault', 1)], 60));
    expect(lengthOf(limited)).toBeLessThanOrEqual(LONGEST);
    expect(limited.changed).toBe(true);
    expect(limited.actions.length).toBeGreaterThan(10);
  });

  it('is left alone when it fits', () => {
    const result = resultWith([finding('info', 1)], 2);
    expect(limitResult(result)).toEqual(result);
  });

  it('is ASCII, and reads back as it was', () => {
    const result = resultWith([{ ...finding('info', 1), detail: 'Größe – 文' }]);
    const line = resultLine(result);
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(guestResultSchema.parse(JSON.parse(line.slice(RESULT_MARKER.length)))).toEqual(result);
  });
});
