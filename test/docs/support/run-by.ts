import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError, type Command as Parser } from 'commander';
import * as z from 'zod';
import { createProgram } from '../../../cli/parser/program.ts';
import { PACKAGE_ROOT } from '../../../shared/package-root.ts';
import { read, shellBlocks, type Command } from './documents.ts';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

/** Documents whose commands are run word by word. */
const RUN_WHOLE: Readonly<Record<string, string>> = {
  'docs/tutorial-in-the-lab.md': 'test/docs/tutorial.test.ts',
  'docs/how-to-send-requests.md': 'test/docs/requests.test.ts',
};

/** Scripts of package.json that a test runs, by the module behind them or by what it says. */
const SCRIPTS_IN_TESTS: Readonly<Record<string, readonly [file: string, says: string]>> = {
  explain: ['test/local/explain/command.test.ts', "'explain', ...words"],
  act: ['test/cli/lab.test.ts', "'lab', 'act'"],
  build: ['test/cli/package.test.ts', "'npm', ['pack'"],
  package: ['test/functions/package.test.ts', 'scripts/write-package.ts'],
  prices: ['test/scripts/prices.test.ts', 'scripts/prices'],
  generate: ['test/shared/causes/generated.test.ts', 'generatedFiles'],
  'docs:errors': ['.github/workflows/check.yml', 'npm run check'],
  arrows: ['.github/workflows/check.yml', 'npm run check'],
  lint: ['.github/workflows/check.yml', 'npm run check'],
};

const below = (folder: string, end: string): string[] =>
  readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));
const workflows = below('.github/workflows', '.yml');
const tests = ['test/cli', 'test/docs', 'test/local'].flatMap((folder) => below(folder, '.ts'));

/** What runs a command here: a test, a workflow. `undefined`: nothing does. */
export function runBy({ document, text }: Command): string | undefined {
  const whole = RUN_WHOLE[document];
  if (whole !== undefined && existsSync(join(PACKAGE_ROOT, whole))) return whole;
  const [program = '', ...words] = text.split(/\s+/);
  if (program === 'npm') return npmRunBy(words);
  if (program === 'npx' && words[0] === 'jest') return pathsOf(words);
  const medic = /^(?:source <\()?(?:(?:npx )?node cli\/main\.ts|rdp-medic) ([^)]*)\)?$/.exec(text);
  return medic ? medicRunBy(medic[1] ?? '') : undefined;
}

function npmRunBy([verb = '', ...rest]: string[]): string | undefined {
  if (['install', 'pack', 'ci'].includes(verb)) return inWorkflow(`npm ${verb}`) ?? inWorkflow('npm ci');
  const name = verb === 'run' ? rest.find((word) => !word.startsWith('-')) : verb;
  if (name === undefined || !(name in scripts)) return undefined;
  const [file, says] = SCRIPTS_IN_TESTS[name] ?? [];
  if (file !== undefined && says !== undefined)
    return existsSync(join(PACKAGE_ROOT, file)) && read(file).includes(says) ? file : undefined;
  // npm has a short way to two of them.
  const ways = ['start', 'test'].includes(name) ? [`npm ${name}`, `npm run ${name}`] : [`npm run ${name}`];
  return ways.map((way) => typedIn(way) ?? inWorkflow(way)).find((one) => one !== undefined);
}

/** The test that types a document which has the command. */
function typedIn(command: string): string | undefined {
  const document = Object.keys(RUN_WHOLE).find((one) =>
    shellBlocks(one).some((block) => block.split('\n').some((line) => `${line} `.startsWith(`${command} `))),
  );
  return document && RUN_WHOLE[document];
}

function inWorkflow(command: string): string | undefined {
  return workflows.find((file) => new RegExp(`\\b${command}(?![\\w:-])`).test(read(file)));
}

/** The tests themselves. */
function pathsOf(words: readonly string[]): string | undefined {
  const paths = words.slice(1).filter((word) => word.includes('/'));
  return paths.every((path) => existsSync(join(PACKAGE_ROOT, path))) ? paths.join(' ') : undefined;
}

/** A command that the parser of the command line takes with these words, and that a test gives it too. */
function medicRunBy(said: string): string | undefined {
  const words = wordsOf(said);
  let taken: string | undefined;
  const program = createProgram('0.0.0', () => undefined);
  const all = (one: Parser): Parser[] => [one, ...one.commands.flatMap(all)];
  for (const command of all(program)) {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    if (command.commands.length === 0) command.action(() => void (taken = pathOf(command)));
  }
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError) || !isName(error, said)) return undefined;
    const bare = said.replaceAll(/ (-|<|\[).*$/g, '');
    const named = all(program).find((one) => pathOf(one) === bare && one.commands.length === 0);
    taken = named && pathOf(named);
  }
  if (taken === undefined) return undefined;
  const script = Object.keys(scripts).find((name) => scripts[name] === `node cli/bin.ts ${taken}`);
  if (script !== undefined) return npmRunBy(['run', script]);
  const path = taken.split(' ').map((word) => `'${word}'`);
  const inTest = tests.find((file) => read(file).includes(`[${path.join(', ')}`));
  return inTest ?? typedIn(`npx node cli/main.ts ${taken}`);
}

/** Between words a command may stand without what it needs (`rdp-medic list`), or with a place to fill in where there is a choice. */
function isName({ code }: CommanderError, said: string): boolean {
  return code === 'commander.missingArgument' || (code === 'commander.invalidArgument' && said.includes('<'));
}

/** Its words, from the first below `rdp-medic`. */
function pathOf(command: Parser): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

/** As a shell takes them apart; what stands in angle brackets is one word. */
function wordsOf(said: string): string[] {
  return [...said.matchAll(/'([^']*)'|<([^>]*)>|"([^"]*)"|(\S+)/g)].map(
    ([, quoted, place, double, plain]) => quoted ?? place ?? double ?? plain ?? '',
  );
}
