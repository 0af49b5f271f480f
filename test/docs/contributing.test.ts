import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Cause } from '../../shared/causes/cause.ts';
import { diagnose, faultsOf } from '../../shared/causes/catalogue.ts';
import { CAUSES } from '../../shared/causes/index.ts';
import { readCauses } from '../../scripts/generated/causes.ts';
import { causeRows, findingRows } from '../../scripts/generated/documents.ts';
import { allowedFile, queryFile } from '../../scripts/generated/guest-constants.ts';
import { indexFile } from '../../scripts/generated/index-file.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { inRows } from '../support/rows.ts';
import { healthyFacts, key, lookAt, value, type Edit } from '../shared/causes/facts.ts';

const FOLDER = join(PACKAGE_ROOT, '.rdp-medic', 'worked-example');
const PARAMETERS = 'Microsoft\\Windows\\CurrentVersion\\Policies\\System\\CredSSP\\Parameters';
const NAME = 'AllowEncryptionOracle';

/** Follows the worked example to the letter: writes the file that it shows, beside the sources rather than among them. */
async function example(): Promise<Cause> {
  const text = readFileSync(join(PACKAGE_ROOT, 'CONTRIBUTING.md'), 'utf8');
  const [, code = ''] = /<!-- example: [^>]*-->\s*```ts\n([\s\S]*?)```/.exec(text) ?? [];
  const file = join(FOLDER, 'credssp-oracle.ts');
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, code.replaceAll("from './", "from '../../shared/causes/"));
  const { credsspOracle } = (await import(file)) as { credsspOracle: Cause };
  return credsspOracle;
}
afterAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
});

describe('the worked example of CONTRIBUTING.md', () => {
  it.each<[string, Edit[], string[]]>([
    ['`AllowEncryptionOracle` 0', [value(PARAMETERS, NAME, 0, '')], ['OldClientsTurnedAway']],
    ['`AllowEncryptionOracle` 1', [value(PARAMETERS, NAME, 1, '')], []],
    ['no value', [key(PARAMETERS, 'missing', '')], []],
    ['a key that may not be read', [key(PARAMETERS, 'unread', '')], []],
  ])('finds in %s what its table says', async (_facts, edits, codes) => {
    const cause = await example();
    const look = lookAt(healthyFacts(...edits));
    const found = cause.detect(look);
    expect(found.map(({ code }) => code)).toEqual(codes);
    expect(found.filter(({ severity }) => severity !== 'warning')).toEqual([]);
    expect(cause.repair(look)).toEqual([]);
    expect(faultsOf(diagnose(look))).toEqual([]);
  });

  it('is taken by `npm run generate` into catalogue, scripts and documents; the scripts may change nothing more', async () => {
    const before = await readCauses();
    const after = [...before, { name: 'credssp-oracle', exported: 'credsspOracle', cause: await example() }];
    expect(indexFile(after)).toContain("import { credsspOracle } from './credssp-oracle.ts';");
    expect(queryFile(before)).not.toContain(NAME);
    expect(queryFile(after)).toContain(NAME);
    expect(allowedFile(after)).toBe(allowedFile(before));
    expect(causeRows(after)).toContain('Clients without the CredSSP update are turned away');
    expect(findingRows(after)).toContain('`OldClientsTurnedAway`');
  });

  inRows('is what the compiler takes', async () => {
    await example();
    const options: ts.CompilerOptions = {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ESNext,
    };
    const program = ts.createProgram([join(FOLDER, 'credssp-oracle.ts')], options);
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
  });

  it('has an id, an order and codes of its own', async () => {
    const { id, step, order, findings } = await example();
    expect(CAUSES.map((cause) => cause.id)).not.toContain(id);
    const beside = CAUSES.filter((cause) => cause.step === step).map((cause) => cause.order);
    expect(beside).not.toContain(order);
    const codes = CAUSES.flatMap((cause) => Object.keys(cause.findings));
    expect(Object.keys(findings).filter((code) => codes.includes(code))).toEqual([]);
  });
});
