import type { Row } from './rows.ts';

/** What became of a row. */
export interface Result {
  row: Row;
  exitCode: number | null;
  /** Output, or the code of the refusal. */
  shown: string;
  holds: boolean;
  stderr: string;
}

/** docs/azure-command-line.md. */
export function toDocument(version: string, results: readonly Result[]): string {
  const held = results.filter(({ holds }) => holds);
  const works = held.filter(({ row }) => !row.refused).length;
  return `# The Azure command line, against the lab

Written by \`npm run azure-cli\` (\`test/azure-cli\`), by hand and nightly. Azure CLI ${version}, as Debian 12 packages it, is told of a cloud on loopback,
signs in as a service principal, and is given the commands below, with \`-g rg-fleet\` where they take a group. Nothing between it and
the lab is rewritten: a lab that another client of Azure takes for Azure is one that our own may be judged by.

${String(works)} of ${String(results.length)} commands work; ${String(held.length - works)} are refused as Azure refuses them, ${String(results.length - held.length)} fail.

| command | exit code | shows | verdict |
| --- | --- | --- | --- |
${results.map(toLine).join('\n')}

## What is the command line's own

- Debian's azure-cli asks for Compute 2022-11-01 and Network 2022-01-01, which the SDKs that Debian packages with it lack: as installed, each
  \`az vm\` ends before anything is sent. \`test/azure-cli/az.py\` lets it ask for the newest versions that are there, and changes nothing else.
  \`az network nic\` stays out, for whose operations that package has no version at all.
- Until late 2023 ([azure-cli#27772](https://github.com/Azure/azure-cli/pull/27772)) \`az snapshot create\` and \`az disk create\` ask for generation V1 unless told otherwise
  ([azure-cli#27266](https://github.com/Azure/azure-cli/issues/27266)): a copy of a generation 2 disk then cannot be swapped in.
- The directory is an AD FS: about any other that is not Microsoft's own, the command line asks login.microsoftonline.com first.

## What the lab leaves out

\`az vm create\` (template deployments), \`az vm disk attach --new\`, \`az vm redeploy\`, boot diagnostics, \`az vm list-sizes\`, availability and
scale sets: answered with 501 and the name of what is missing ([lab/arm](../lab/arm/README.md)).
`;
}

function toLine({ row, exitCode, shown, holds }: Result): string {
  const query = row.query === undefined ? '' : ` --query "${row.query}"`;
  const verdict = !holds ? '**fails**' : row.refused ? `refused, as Azure does: ${row.refused.as}` : 'works';
  return `| ${code(`az ${row.command}${query}`)} | ${String(exitCode)} | ${shown === '' ? '' : code(shown)} | ${verdict} |`;
}

/** In a table a bar ends the cell, even within code. */
function code(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``;
}
