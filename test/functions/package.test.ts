import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ignore from 'ignore';
import { z } from 'zod';
import { readConfig } from '../../shared/config.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { storageAccount } from '../support/storage.ts';

const run = promisify(execFile);
const fromRoot = (...path: string[]): string => join(PACKAGE_ROOT, ...path);
const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(fromRoot(...path), 'utf8'));
const { main } = z.object({ main: z.string() }).parse(readJson('package.json'));

/** Prints the names of the functions that an entry module registers. */
const LIST_FUNCTIONS = `
  import { loadApp } from ${JSON.stringify(pathToFileURL(fromRoot('local/host/load-app.ts')).href)};
  const { registrations, error } = await loadApp(process.argv[1], () => undefined);
  if (error) throw error;
  console.log(JSON.stringify([...registrations.functions.keys()]));
  process.exit(0);
`;

let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  env = { PATH: process.env['PATH'], AzureWebJobsStorage: storageAccount(23) };
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  for (const name of shipped()) cpSync(fromRoot(name), join(folder, name), { recursive: true });
  symlinkSync(fromRoot('node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, ['scripts/build.ts', join(folder, main)], { cwd: PACKAGE_ROOT });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** `.funcignore` as those who publish read it: patterns of gitignore, which without a slash count at every depth. */
const funcignore = ignore().add(readFileSync(fromRoot('.funcignore'), 'utf8'));

/** What stands at the top and is published, but for what is built or installed. */
function shipped(): string[] {
  return readdirSync(PACKAGE_ROOT)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .filter((name) => !funcignore.ignores(name));
}

async function functionsOf(entry: string): Promise<string[]> {
  const parameters = ['--input-type=module', '-e', LIST_FUNCTIONS, entry];
  const { stdout } = await run(process.execPath, parameters, { env });
  return z.array(z.string()).parse(JSON.parse(stdout)).sort();
}

describe('the package that is published', () => {
  it('is no more than the app needs to run', () => {
    expect(shipped().sort()).toEqual([
      'guest',
      'host.json',
      'package-lock.json',
      'package.json',
      'page',
      'shared',
    ]);
  });

  it('has all that is built and installed', () => {
    for (const own of ['dist', 'node_modules']) {
      const left = readdirSync(join(folder, own), { recursive: true, encoding: 'utf8' })
        .map((name) => join(own, name))
        .filter((path) => funcignore.ignores(path));
      expect(left).toEqual([]);
    }
  });

  it('registers what the sources register', async () => {
    const [built, sources] = await Promise.all([
      functionsOf(join(folder, main)),
      functionsOf(fromRoot('functions/index.ts')),
    ]);
    expect(built).toEqual(sources);
    expect(built).toEqual(expect.arrayContaining(['remediate', 'sweep', 'health', 'janitor', 'saveRecord']));
  });

  it('runs in a host: it answers, and no function is off', async () => {
    const parameters = ['--entry', join(folder, main), '--host-json', join(folder, 'host.json')];
    const host = spawn(
      process.execPath,
      [fromRoot('local/host/main.ts'), ...parameters, '--state', join(folder, 'host.db')],
      { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const log: string[] = [];
    createInterface(host.stderr).on('line', (line) => log.push(line));
    try {
      const [line] = z.tuple([z.string()]).parse(await once(createInterface(host.stdout), 'line'));
      const { url } = z.object({ url: z.string() }).parse(JSON.parse(line));
      const answer = await fetch(`${url}/api/health`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ status: 'degraded', accepting: true, reason: 'no-policy' });
      expect(log.filter((entry) => /is off|Nothing is served|No function/.test(entry))).toEqual([]);
    } finally {
      await ended(host);
    }
  });
});

it('local.settings.example.json is enough for `func start`', () => {
  const { Values } = z
    .object({ IsEncrypted: z.literal(false), Values: z.record(z.string(), z.string()) })
    .parse(readJson('local.settings.example.json'));
  expect(Values['FUNCTIONS_WORKER_RUNTIME']).toBe('node');
  expect(readConfig(Values).faults).toEqual([]);
});

async function ended(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null) return;
  const exit = once(host, 'exit');
  host.kill('SIGTERM');
  await exit;
}
