import { ERRORS, type ErrorCode } from './error-codes.ts';
import type { ErrorRow } from './error-row.ts';

/** Of a code in docs/errors.md, as GitHub makes it of the heading, and in the page that the app serves. */
export function errorAnchor(code: ErrorCode): string {
  return code.toLowerCase();
}

/** Where the app serves what docs/errors.md says. */
export const ERRORS_PATH = 'docs/errors';

/** The `type` of problem details (RFC 9457, 3.1.1): relative, so that it leads to the app itself, wherever that is. */
export function errorAddress(code: ErrorCode): string {
  return `/${ERRORS_PATH}#${errorAnchor(code)}`;
}

/** The errors in the table's order. */
function rows(): [ErrorCode, ErrorRow][] {
  return Object.entries(ERRORS) as [ErrorCode, ErrorRow][];
}

const WAITED_OUT = 'The service retries automatically.';

/** The error table as a page for operators, a section a code: docs/errors.md. */
export function errorsDocument(): string {
  const index = rows().map(
    ([code, { status, retryable }]) =>
      `| [\`${code}\`](#${errorAnchor(code)}) | ${String(status)} | ${retryable ? 'yes' : ''} |`,
  );
  const sections = rows().map(
    ([code, { status, retryable, meaning, next }]) =>
      `## ${code}\n\n${meaning}\n\n**What to do:** ${next}\n\nHTTP ${String(status)}.${retryable ? ` ${WAITED_OUT}` : ''}\n`,
  );
  return `# Errors

Written from \`shared/error-codes.ts\` by \`npm run docs:errors\`. The \`type\` of problem details names a section of this page, which the app
serves at \`/${ERRORS_PATH}\`. _Retried_: the service retries automatically.

| code | HTTP | retried |
|---|---|---|
${index.join('\n')}

${sections.join('\n')}`;
}

/** What the page shows of each error, in the table's order. */
export function errorSections(): { anchor: string; code: string; waits: string; row: ErrorRow }[] {
  return rows().map(([code, row]) => ({
    anchor: errorAnchor(code),
    code,
    waits: row.retryable ? WAITED_OUT : '',
    row,
  }));
}
