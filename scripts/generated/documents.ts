import { EVIDENCE } from '../../shared/causes/evidence/index.ts';
import type { CauseFile } from './causes.ts';
import { allRecipes } from './recipes.ts';

/** Puts text between the two markers of a document. @throws TypeError where they are missing */
export function between(document: string, name: string, text: string): string {
  const begin = `<!-- ${name}: written by npm run generate -->`;
  const end = `<!-- end of ${name} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new TypeError(`the document lacks the markers of ${name}`);
  return `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const STEPS: Readonly<Record<string, string>> = {
  'rdp-security': 'RDP security',
  'rdp-port': 'RDP port',
  'certificate-and-keys': 'Certificate and keys',
  tls: 'TLS',
};

/** `TS`, the key of the terminal server, as the variable that the runbook sets: there is a blank in it. */
function withVariable(byHand: string): string {
  return byHand
    .replace(/ TS(\\[\w\\-]+)/g, (_text, below: string) => ` "$TS${below}"`)
    .replace(/ TS(?= )/g, () => ' $TS');
}

/** The causes of docs/runbook.md, a row each. */
export function causeRows(causes: readonly CauseFile[]): string {
  return table(
    ['Step', 'Cause', 'Detects', 'Changes', 'Manually', 'Undo'],
    causes.map(({ cause: { id, step, title, takesEffect, words } }) => [
      STEPS[step] ?? step,
      `\`${id}\`: ${title}`,
      words.seen,
      takesEffect === 'now' ? words.mend : `${words.mend} Takes effect after a restart of the VM.`,
      withVariable(words.byHand),
      words.undo,
    ]),
  );
}

/** The recipes of docs/how-to-repair-by-hand.md, a row each. */
export function recipeRows(causes: readonly CauseFile[]): string {
  return table(
    ['Recipe', 'Fault', 'Then'],
    allRecipes(causes).map(({ id, title, then }) => [`\`${id}\``, title, then]),
  );
}

/** The findings of docs/findings.md, a row a code. */
export function findingRows(causes: readonly CauseFile[]): string {
  const rows = (cause: string, findings: Readonly<Record<string, string>>) =>
    Object.entries(findings).map(([code, says]) => [`\`${code}\``, cause, says]);
  return table(
    ['Code', 'Cause', 'What it says'],
    [
      ...causes.flatMap(({ cause: { id, findings } }) => rows(id, findings)),
      ...EVIDENCE.flatMap(({ findings }) => rows('', findings)),
    ],
  );
}
