import type { OutcomeKind, RemediationRecord } from '../../../shared/model/record.ts';
import { outcomeKindSchema } from '../../../shared/model/record.ts';
import { inOwnWords } from '../../../shared/report/own-words.ts';
import { fullRecord } from './records.ts';

/** What a guest printed, or somebody typed, in every place of a record that holds text. */
const THEIRS = 'call +1 555 0100 or open https://evil.example/reset';
const theirs = { code: 'GuestResultMissing', message: THEIRS, next: THEIRS };

function recordOf(kind: OutcomeKind, changes: Partial<RemediationRecord> = {}): RemediationRecord {
  const { originalDisk: _kept, ...record } = fullRecord();
  return {
    ...record,
    outcome: { kind, summary: THEIRS, causes: ['tls'] },
    errors: [theirs],
    refusals: [theirs],
    warnings: [THEIRS],
    advice: [THEIRS],
    cancelled: { by: THEIRS, leaveStopped: false, at: '2026-03-01T12:00:00.000Z' },
    steps: record.steps.map((step) => ({ ...step, detail: THEIRS, error: theirs })),
    ...changes,
  };
}

describe('What a ticket is told', () => {
  it.each(outcomeKindSchema.options)('of %s holds no word of anybody else', (kind) => {
    for (const code of ['GuestResultMissing', 'SwapRefused', 'PlanChanged', 'of another version']) {
      const told = inOwnWords(
        recordOf(kind, { errors: [{ ...theirs, code }], refusals: [{ ...theirs, code }] }),
      );
      expect(told).not.toMatch(/evil|555|of another version/);
      expect(told.length).toBeGreaterThan(20);
    }
  });

  it.each<[OutcomeKind, string]>([
    ['failed', 'failed: A guest script ended without a result.'],
    ['refused', 'Nothing was changed: A guest script ended without a result.'],
    ['set-by-policy', 'by a Group Policy. Change the policy in Active Directory'],
  ])('of %s says why by the error table', (kind, words) => {
    expect(inOwnWords(recordOf(kind))).toContain(words);
  });

  it('names the causes by their titles', () => {
    expect(inOwnWords(recordOf('repaired-online'))).toMatch(/ Found: TLS .*\.$/);
  });

  it('is nothing while it goes on', () => {
    const { outcome: _none, ...record } = recordOf('failed');
    expect(inOwnWords(record)).toBe('');
  });
});
