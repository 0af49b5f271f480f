import { join } from 'node:path';
import { CAUSES } from '../../shared/causes/index.ts';
import { loadConnectors } from '../../shared/intake/tickets/load-connectors.ts';
import { outcomeKindSchema } from '../../shared/model/record.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { settingsOfApp } from '../../shared/unknown-settings.ts';
import { DOCUMENTS, read } from './support/documents.ts';

const connectors = [...loadConnectors(join(PACKAGE_ROOT, 'shared/intake/connectors')).values()];
const rowsOf = (document: string): string[] =>
  read(document)
    .split('\n')
    .filter((line) => line.startsWith('| '));

describe('docs/reference-settings.md', () => {
  const named = rowsOf('docs/reference-settings.md').flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([A-Za-z_]+)`/g)].map(([, name = '']) => name),
  );
  const settings = settingsOfApp(connectors);

  it('has every setting that the app reads', () => {
    const missing = settings.filter((name) => !read('docs/reference-settings.md').includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });

  it('has a row for none that it does not', () => {
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !settings.includes(name))).toEqual([]);
  });
});

it('docs/how-to-read-a-report.md tells what every outcome means', () => {
  const rows = rowsOf('docs/how-to-read-a-report.md');
  const untold = outcomeKindSchema.options.filter(
    (kind) => !rows.some((row) => row.includes(`(\`${kind}\`)`)),
  );
  expect(untold).toEqual([]);
});

describe('docs/README.md', () => {
  it('leads to every page of docs/, itself or by a folder', () => {
    const index = read('docs/README.md');
    const unnamed = DOCUMENTS.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
      .map((path) => path.replace(/^docs\//, ''))
      .filter((path) => !path.startsWith('decisions/') && !index.includes(`(${path}`));
    expect(unnamed).toEqual([]);
  });
});

it('README.md counts the causes that there are', () => {
  expect(read('README.md')).toContain(`[${String(CAUSES.length)} causes](docs/runbook.md)`);
});

it('README.md is short enough to be read to its end', () => {
  expect(read('README.md').split('\n').length).toBeLessThan(100);
});

it.each(['docs/reference-api.md', 'docs/reference-policy.md'])(
  '%s says of every field what it means',
  (path) => {
    const rows = rowsOf(path);
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => /\|\s+\|$/.test(row))).toEqual([]);
  },
);
