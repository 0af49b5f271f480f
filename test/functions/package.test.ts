import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import ignore from 'ignore';
import * as z from 'zod';
import { readConfig } from '../../shared/config.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { loadAuthority } from '../../shared/repair/policy/load.ts';
import { whyNotAllRows } from '../support/rows.ts';
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

/** As the Node worker hands out its own module: to whoever asks for it by `require`. */
const LOAD_AS_WORKER = `
  import Module from 'node:module';
  const names = [];
  const core = {
    version: '3.9.0', setProgrammingModel: () => undefined, registerHook: () => undefined,
    registerFunction: ({ name }) => { names.push(name); return { dispose: () => undefined }; },
    Disposable: class { dispose() {} }, getProgrammingModel: () => undefined,
  };
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, self, args) => (args[0] === '@azure/functions-core' ? core : Reflect.apply(target, self, args)),
  });
  await import(process.argv[1]);
  console.log(JSON.stringify(names));
  process.exit(0);
`;

const NOTICES = 'THIRD-PARTY-NOTICES.txt';
const ROOT_OF_ZIP = [NOTICES, 'dist', 'guest', 'host.json', 'package.json', 'page', 'policy.json', 'shared'];

const NEVER_STARTED = `vm-${'0'.repeat(32)}-20260101000000000-0000`;

let folder: string;
let made: string;
let zip: Uint8Array;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  env = { PATH: process.env['PATH'], AzureWebJobsStorage: storageAccount(23) };
  made = mkdtempSync(join(tmpdir(), 'made-'));
  zip = await packageIn(join(made, 'first'));
  // Empty but for what is in the zip: no package of the project is found from here.
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});
afterAll(() => {
  for (const one of [folder, made]) rmSync(one, { recursive: true });
});

const skippedBecause = (why: string | undefined): string => (why === undefined ? '' : ` (skipped: ${why})`);

async function packageIn(place: string): Promise<Uint8Array> {
  await run(process.execPath, ['scripts/write-package.ts', '--to', place], { cwd: PACKAGE_ROOT });
  const [name = ''] = readdirSync(place).filter((one) => one.endsWith('.zip'));
  return new Uint8Array(readFileSync(join(place, name)));
}

async function functionsOf(entry: string): Promise<string[]> {
  const parameters = ['--input-type=module', '-e', LIST_FUNCTIONS, entry];
  const { stdout } = await run(process.execPath, parameters, { env });
  return z.array(z.string()).parse(JSON.parse(stdout)).sort();
}

describe('the zip that is deployed', () => {
  it('is no more than the app needs to run, and needs nothing installed', () => {
    const names = Object.keys(unzipSync(zip));
    expect([...new Set(names.map((name) => name.split('/')[0]))].sort()).toEqual(ROOT_OF_ZIP);
    expect(names.filter((name) => /node_modules|\.ts$|settings|\.env/.test(name))).toEqual([]);
    const code = names.filter((name) => name.startsWith('dist/') && !name.endsWith('.map'));
    expect(code.filter((name) => !/^dist\/functions\/parts\/[^/]+\.js$/.test(name))).toEqual([main]);
    expect(code.filter((name) => !names.includes(`${name}.map`))).toEqual([]);
  });

  it('names the licence of every package that is built in', () => {
    const [list = ''] = readFileSync(join(folder, NOTICES), 'utf8').split('-'.repeat(78));
    expect(list).toMatch(/\n@azure\/arm-compute [\d.]+: MIT\n/);
    expect(list).toContain('\ndurable-functions ');
    expect(list).not.toContain('not named');
  });

  it('leads from its modules to the sources', () => {
    const map = z
      .object({ sources: z.array(z.string()), mappings: z.string() })
      .parse(JSON.parse(readFileSync(join(folder, `${main}.map`), 'utf8')));
    expect(map.sources.filter((source) => source.endsWith('functions/index.ts'))).toHaveLength(1);
    expect(map.mappings.length).toBeGreaterThan(10_000);
  });

  it('names no place of the machine that it was built on in its code', () => {
    const telling = Object.entries(unzipSync(zip)).filter(
      ([name, content]) => name.endsWith('.js') && Buffer.from(content).includes(PACKAGE_ROOT),
    );
    expect(telling.map(([name]) => name)).toEqual([]);
  });

  it('has a policy that changes nothing where its owner has put none', () => {
    const settings = { RDP_MEDIC_POLICY: join(folder, 'policy.json') };
    const { closed, policy } = loadAuthority(
      settings,
      { faults: [], auth: 'key', approverSecret: undefined },
      [],
    );
    expect(closed).toBeUndefined();
    expect(policy.defaults.mode).toBe('diagnose');
    for (const source of [policy.sources.alert, policy.sources.caller, policy.sources.operator])
      expect(source.modes).toEqual(['diagnose']);
  });

  const again = whyNotAllRows === undefined ? it : it.skip;
  again(`is the same again, byte by byte${skippedBecause(whyNotAllRows)}`, async () => {
    expect(Buffer.compare(await packageIn(join(made, 'second')), zip)).toBe(0);
  });

  it('is taken by azd as it is: nothing is built where it runs', () => {
    const azure = readFileSync(fromRoot('azure.yaml'), 'utf8');
    expect(azure).toMatch(/dist: dist\/package\n\s+remoteBuild: false/);
    expect(azure).toContain('run: npm run package');
  });

  it('gets its functions from the worker’s own module', async () => {
    const parameters = ['--input-type=module', '-e', LOAD_AS_WORKER, join(folder, main)];
    const { stdout } = await run(process.execPath, parameters, { env, cwd: folder });
    const names = z.array(z.string()).parse(JSON.parse(stdout));
    expect(names.sort()).toEqual(await functionsOf(fromRoot('functions/index.ts')));
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
      const { url, functionKey } = z
        .object({ url: z.string(), functionKey: z.string() })
        .parse(JSON.parse(line));
      const answer = await fetch(`${url}/api/health`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ status: 'degraded', accepting: true, reason: 'no-policy' });
      // The durable client, whose packages are read when it is first used, asks the engine.
      const headers = { 'x-functions-key': functionKey };
      const nobody = await fetch(`${url}/api/remediations/${NEVER_STARTED}`, { headers });
      expect(nobody.status).toBe(404);
      expect(await nobody.json()).toMatchObject({ detail: 'There is no such remediation.' });
      expect(log.filter((entry) => /is off|Nothing is served|No function/.test(entry))).toEqual([]);
    } finally {
      await ended(host);
    }
  });
});

/** `.funcignore`, for whoever publishes the checkout itself, as it is read by azd and the deploy action: patterns of gitignore. */
const funcignore = ignore().add(readFileSync(fromRoot('.funcignore'), 'utf8'));

/**
 * And as Core Tools read it: each pattern, without a slash before it, is the beginning of a path from the root.
 * Source: src/Azure.Functions.Cli/Common/GitIgnoreParser in github.com/Azure/azure-functions-core-tools.
 */
const coreTools = (() => {
  const lines = readFileSync(fromRoot('.funcignore'), 'utf8').split('\n');
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const escaped = patterns.map((line) =>
    line
      .replace(/^\//, '')
      .replace(/[-[\]/{}()+?.\\^$|]/g, '\\$&')
      .replaceAll('*', '([^\\/]+)'),
  );
  const begins = new RegExp(`^((${escaped.join(')|(')}))`);
  return { ignores: (path: string): boolean => begins.test(path) };
})();

describe.each([
  ['gitignore', funcignore],
  ['Core Tools', coreTools],
])('.funcignore, read by the rules of %s', (_whose, rules) => {
  const top = readdirSync(PACKAGE_ROOT).filter(
    (name) => !['dist', 'node_modules', 'policy.json'].includes(name),
  );

  it('leaves at home what is not needed', () => {
    expect(top.filter((name) => !rules.ignores(name)).sort()).toEqual(
      ['guest', 'host.json', 'package-lock.json', 'package.json', 'page', 'shared'].sort(),
    );
  });

  it('takes all that is in the zip', () => {
    expect(Object.keys(unzipSync(zip)).filter((path) => rules.ignores(path))).toEqual([]);
  });

  it('takes what is installed', () => {
    const installed = readdirSync(fromRoot('node_modules/@azure/functions'), {
      recursive: true,
      encoding: 'utf8',
    });
    const paths = installed.map((name) => join('node_modules/@azure/functions', name));
    expect(paths.filter((path) => rules.ignores(path))).toEqual([]);
  });
});

describe('the lockfile', () => {
  const lock = z
    .object({
      packages: z.record(
        z.string(),
        z.looseObject({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
      ),
    })
    .parse(readJson('package-lock.json'));

  it('names no address of a registry, and npm is told to put none into it', () => {
    expect(Object.values(lock.packages).filter((one) => 'resolved' in one)).toEqual([]);
    expect(readFileSync(fromRoot('.npmrc'), 'utf8')).toContain('omit-lockfile-registry-resolved=true');
  });

  it('has what the packages need on every system, so that `npm ci` takes it on each', () => {
    const missing = Object.values(lock.packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
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
