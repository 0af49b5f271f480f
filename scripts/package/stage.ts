import { build } from 'esbuild';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { readPackage } from '../package-json.ts';
import { NODE_PART, requiredNodeParts } from './node-parts.ts';
import { noticesOf, toText } from './notices.ts';
import { clientOnDemand } from './on-demand.ts';

const ENTRY = 'dist/functions/index.js';
/** What the app reads beside its code: folders with the endings that are taken of each. */
const DATA: Readonly<Record<string, RegExp>> = {
  guest: /\.ps1$/,
  page: /(?<!tsconfig)\.(html|js|css|svg)$/,
  'shared/intake/connectors': /\.json$/,
};
/** A deployment without a policy of its own has this one: it looks, and changes nothing. */
const ONLY_DIAGNOSIS = 'docs/policies/only-diagnosis.json';
/** The oldest date a zip knows: the same sources make the same bytes. */
const MADE = new Date(1980, 0, 1);

export interface StageOptions {
  /** Where the package is laid out; emptied first. */
  folder: string;
  /** The policy that goes with it; `policy.json` at the root of the project where left out, or one that allows diagnosis alone. */
  policy?: string | undefined;
}

/** Lays the app out as it is deployed: whole, so that nothing is installed or built where it runs. Gives back which policy went with it. */
export async function stagePackage({ folder, policy }: StageOptions): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const inputs = await bundle(join(folder, ENTRY));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), toText(noticesOf(inputs)));
  const { name, version } = readPackage();
  const manifest = { name, version, private: true, type: 'module', main: ENTRY };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  copyFileSync(join(PACKAGE_ROOT, 'host.json'), join(folder, 'host.json'));
  for (const [from, wanted] of Object.entries(DATA)) copy(from, wanted, folder);
  const chosen = policy ?? (existsSync(join(PACKAGE_ROOT, 'policy.json')) ? 'policy.json' : ONLY_DIAGNOSIS);
  copyFileSync(join(PACKAGE_ROOT, chosen), join(folder, 'policy.json'));
  return chosen;
}

/**
 * A few modules with every package in them but the worker's own, which is only there where it runs; with maps to the sources, so that a stack
 * can name their lines (docs/performance.md). Gives back what it is made of.
 */
async function bundle(outfile: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(PACKAGE_ROOT, 'functions/index.ts')],
    outdir: dirname(outfile),
    bundle: true,
    // What is not needed at once is read when it is.
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // Some packages find their own parts in a way that only their modules leave to the bundler.
    mainFields: ['module', 'main'],
    external: ['@azure/functions-core'],
    plugins: [requiredNodeParts, clientOnDemand],
    // Read more quickly at a cold start; names stay, for stacks and for whoever asks a function what it is called.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    // Whose licences are listed beside it, in full.
    legalComments: 'none',
    logLevel: 'error',
    // Packages that are built in ask for Node's own parts, and for the worker's, in the old way.
    banner: {
      js: "import { createRequire as createRequireOfPackage } from 'node:module'; const require = createRequireOfPackage(import.meta.url);",
    },
  });
  return Object.keys(metafile.inputs).filter((input) => !input.startsWith(`${NODE_PART}:`));
}

function copy(from: string, wanted: RegExp, folder: string): void {
  for (const name of filesOf(join(PACKAGE_ROOT, from)).filter((one) => wanted.test(one))) {
    const target = join(folder, from, name);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(PACKAGE_ROOT, from, name), target);
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The package as a zip. */
export function zipOf(folder: string): Uint8Array {
  const files: Zippable = {};
  for (const name of filesOf(folder))
    files[name.replaceAll('\\', '/')] = new Uint8Array(readFileSync(join(folder, name)));
  return zipSync(files, { level: 9, mtime: MADE });
}
