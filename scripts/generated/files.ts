import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { connectorJsonSchema } from '../../shared/intake/tickets/load-connectors.ts';
import { policyJsonSchema } from '../../shared/repair/policy/load.ts';
import { apiSections } from './api.ts';
import { commandSections, exitCodeRows } from './command-line.ts';
import { readCauses } from './causes.ts';
import { between, causeRows, findingRows, recipeRows } from './documents.ts';
import { outputTable, parameterTables } from './deployment.ts';
import { allowedFile, queryFile } from './guest-constants.ts';
import { indexFile } from './index-file.ts';
import { pageLabelsFile } from './page-labels.ts';
import { policyRows, senderRows } from './policy.ts';
import { kindTables } from './vm-kinds.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface GeneratedFile {
  /** Below the root of the project. */
  readonly path: string;
  readonly text: string;
  /** Whether it stands there already. */
  readonly isFresh: boolean;
}

/** Everything that is written from causes, schemas and the parser of the command line, as it should stand. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const causes = await readCauses();
  const file = (path: string, write: (is: string) => string): GeneratedFile => {
    const is = readIfThere(path);
    const text = write(is);
    return { path, text, isFresh: is === text };
  };
  return [
    file('shared/causes/index.ts', () => indexFile(causes)),
    file('guest/lib/query.ps1', () => queryFile(causes)),
    file('guest/lib/allowed.ps1', () => allowedFile(causes)),
    file('page/assets/labels.js', pageLabelsFile),
    file('docs/runbook.md', (is) => between(is, 'causes', causeRows(causes))),
    file('docs/how-to-repair-by-hand.md', (is) => between(is, 'recipes', recipeRows(causes))),
    file('docs/findings.md', (is) => between(is, 'findings', findingRows(causes))),
    file('docs/how-to-use-the-command-line.md', (is) =>
      between(between(is, 'exit-codes', exitCodeRows()), 'commands', commandSections()),
    ),
    file('docs/vm-kinds.md', (is) => between(is, 'kinds', kindTables())),
    file('docs/reference-api.md', (is) => between(is, 'api', apiSections())),
    file('docs/reference-policy.md', (is) =>
      between(between(is, 'fields', policyRows()), 'senders', senderRows()),
    ),
    file('docs/reference-deployment.md', (is) => {
      const [main, alerts] = [readIfThere('infra/main.bicep'), readIfThere('infra/alerts/main.bicep')];
      const withMain = between(
        between(is, 'parameters', parameterTables(main)),
        'outputs',
        outputTable(main),
      );
      return between(withMain, 'alert-parameters', parameterTables(alerts));
    }),
    jsonFile('infra/policy.schema.json', policyJsonSchema()),
    jsonFile('shared/intake/connector.schema.json', connectorJsonSchema()),
  ];
}

/** Laid out by the formatter of the project: what counts is what it says. */
function jsonFile(path: string, value: unknown): GeneratedFile {
  const text = JSON.stringify(value, undefined, 2);
  const is = readIfThere(path);
  return { path, text, isFresh: is !== '' && isDeepStrictEqual(JSON.parse(is), JSON.parse(text)) };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return '';
  }
}
