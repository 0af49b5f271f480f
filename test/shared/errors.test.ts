import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorAddress, errorsDocument } from '../../shared/errors-document.ts';
import { ERRORS } from '../../shared/error-codes.ts';
import { MedicError, toProblem } from '../../shared/errors.ts';

describe('the error table', () => {
  it('is what docs/errors.md says (npm run docs:errors writes it)', () => {
    expect(readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')).toBe(errorsDocument());
  });

  it('has a section of its own for each code, to which the type of problem details leads', () => {
    const headings = errorsDocument().match(/^## .*$/gm);
    expect(headings).toEqual(Object.keys(ERRORS).map((code) => `## ${code}`));
    expect(errorAddress('VmBusy')).toBe('/docs/errors#vmbusy');
  });

  it.each(Object.entries(ERRORS))(
    '%s tells its meaning and the next move in sentences',
    (_code, { meaning, next, status }) => {
      expect(meaning).toMatch(/^[A-Z].*\.$/s);
      expect(next).toMatch(/^[A-Z].*[.…]$/s);
      expect(status).toBeGreaterThanOrEqual(400);
    },
  );
});

describe('an error at the edge', () => {
  it('keeps code, message and what Azure asked to wait', () => {
    expect(toProblem(new MedicError('AzureThrottled', 'slow down', { retryAfterSeconds: 7 }))).toEqual({
      code: 'AzureThrottled',
      message: 'slow down',
      next: ERRORS.AzureThrottled.next,
      retryAfterSeconds: 7,
    });
  });

  it('is Internal where nobody named it', () => {
    expect(toProblem(new Error('odd'))).toMatchObject({ code: 'Internal', message: 'odd' });
    expect(toProblem('odd')).toMatchObject({ code: 'Internal', message: 'odd' });
  });
});
