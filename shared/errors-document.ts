import { ERRORS } from './error-codes.ts';

/** The error table as a page for operators: docs/errors.md. */
export function errorsDocument(): string {
  const rows = Object.entries(ERRORS)
    .map(
      ([code, { status, retryable, meaning, next }]) =>
        `| \`${code}\` | ${String(status)} | ${retryable ? 'yes' : ''} | ${meaning} | ${next} |`,
    )
    .join('\n');
  return `# Errors

Written from \`shared/error-codes.ts\` by \`npm run docs:errors\`. *Waited out*: the service tries again by itself.

| code | HTTP | waited out | meaning | what to do |
|---|---|---|---|---|
${rows}
`;
}
