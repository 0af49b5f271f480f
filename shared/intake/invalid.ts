import type * as z from 'zod';
import { ERRORS, type ErrorCode } from '../error-codes.ts';
import { problem, type Problem } from '../errors.ts';

const MOST_ISSUES = 5;

/**
 * Turns a schema's issues into one problem that names each field. A custom issue may carry the code of
 * the error table (`params.code`, see `vmIdSchema`); otherwise it is `RequestInvalid`. Values are never
 * repeated: they may be secrets that slipped into the wrong field.
 */
export function invalid(error: z.ZodError): Problem {
  const { issues } = error;
  const lines = issues.slice(0, MOST_ISSUES).map((issue) => {
    const where = issue.path.map(String).join('.');
    return where ? `${where}: ${issue.message}` : issue.message;
  });
  if (issues.length > MOST_ISSUES) lines.push(`and ${issues.length - MOST_ISSUES} more`);
  return problem(codeOf(issues[0]), lines.join('; ').slice(0, 2000));
}

function codeOf(issue: z.core.$ZodIssue | undefined): ErrorCode {
  const params: unknown = issue?.code === 'custom' ? issue.params : undefined;
  if (typeof params !== 'object' || params === null || !('code' in params)) return 'RequestInvalid';
  const { code } = params;
  return typeof code === 'string' && isErrorCode(code) ? code : 'RequestInvalid';
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
