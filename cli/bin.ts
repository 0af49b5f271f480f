#!/usr/bin/env node
/**
 * What `rdp-medic` is in an installed package. It runs on any Node from 20 on, and takes nothing of the rest in before it knows that the
 * rest can run: the embedded host takes what Node has from 22.15 on (`node:sqlite`, `module.registerHooks`). Where that is missing it
 * goes on in the Node of an optional dependency, one for each system.
 */
import { spawn } from 'node:child_process';
import * as modules from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const NEWER_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

if (major > 23 || (major === 22 && minor >= 15) || (major === 23 && minor >= 5)) {
  quiet();
  // A command takes half as long to begin where an earlier one has compiled it.
  modules.enableCompileCache();
  await import('./main.ts');
} else {
  process.exitCode = await withNewerNode();
}

/** On some of these versions SQLite still warns that it is an experiment. */
function quiet(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
  });
}

async function withNewerNode(): Promise<number> {
  const node = newerNode();
  if (node === undefined) {
    process.stderr.write(
      `rdp-medic needs Node 22.15 or later; this is ${process.version}. Install a newer Node, or reinstall this package with its optional dependencies: one of them is a newer Node.\n`,
    );
    return 1;
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  // Ctrl-C reaches both; the one that works decides when it is over. What is sent to this one alone is handed on.
  for (const signal of NEWER_SIGNALS)
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

function newerNode(): string | undefined {
  const { platform, arch } = process;
  const isWindows = platform === 'win32';
  const scope = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${scope}-${isWindows ? 'win' : platform}-${arch}`;
  try {
    return modules.createRequire(import.meta.url).resolve(`${name}/bin/node${isWindows ? '.exe' : ''}`);
  } catch {
    return undefined;
  }
}
