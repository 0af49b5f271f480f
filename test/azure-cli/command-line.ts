import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Lab } from '../../lab/arm/start-lab.ts';

/** What a command ended with. */
export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** The Azure command line, signed in at a lab as its operator. */
export interface CommandLine {
  version: string;
  az(...words: string[]): Promise<Ended>;
  close(): void;
}

const CLOUD = 'RdpMedicLab';

/**
 * Tells the command line of a cloud that lies on loopback, and signs in there with a secret. Its state is a folder of its own; of
 * certificates it trusts the lab's alone. The cloud's directory is an AD FS, since any other but Microsoft's own would be asked about at
 * login.microsoftonline.com (MSAL, instance discovery; learn.microsoft.com, "Connect to Azure Stack Hub with Azure CLI", AD FS).
 * @throws Error when there is no `az`, or when it cannot sign in
 */
export async function signIn(lab: Lab): Promise<CommandLine> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-az-'));
  const caFile = join(folder, 'lab-ca.pem');
  writeFileSync(caFile, lab.caPem);
  const environment = {
    ...process.env,
    AZURE_CONFIG_DIR: join(folder, 'config'),
    REQUESTS_CA_BUNDLE: caFile,
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_NO_COLOR: 'true',
    AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
  };
  const [program, ...first] = findProgram();
  const az = (...words: string[]): Promise<Ended> => run(program, [...first, ...words], environment);
  const must = async (...words: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await az(...words);
    if (exitCode !== 0) throw new Error(`az ${words.slice(0, 2).join(' ')}: ${stderr}`);
    return stdout;
  };

  const version = (await must('version', '--query', '"azure-cli"', '-o', 'tsv')).trim();
  const { url, identity } = lab;
  await must('cloud', 'register', '-n', CLOUD, '--profile', 'latest', ...endpoints(url));
  await must('cloud', 'set', '-n', CLOUD);
  const { clientId, secret, tenantId } = identity.operator;
  await must('login', '--service-principal', '-u', clientId, `--password=${secret}`, '-t', tenantId);
  return {
    version,
    az,
    close() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function endpoints(url: string): string[] {
  return [
    ['--endpoint-resource-manager', `${url}/`],
    ['--endpoint-management', url],
    ['--endpoint-active-directory', `${url}/adfs`],
    ['--endpoint-active-directory-resource-id', 'https://management.core.windows.net/'],
    ['--endpoint-active-directory-graph-resource-id', `${url}/`],
    ['--endpoint-gallery', url],
    ['--endpoint-sql-management', url],
    ['--suffix-storage-endpoint', 'lab.invalid'],
    ['--suffix-keyvault-dns', '.lab.invalid'],
  ].flat();
}

/** Python with what makes Debian's packages fit each other (`az.py`), where `az` names its Python; else `az` itself. */
function findProgram(): [string, ...string[]] {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      const script = readFileSync(join(folder, 'az'), 'utf8');
      const python = /^#!(\S*python\S*)/.exec(script)?.[1];
      return python === undefined ? [join(folder, 'az')] : [python, join(import.meta.dirname, 'az.py')];
    } catch {
      continue;
    }
  }
  throw new Error('There is no az on the PATH (Debian 12: apt-get install azure-cli).');
}

async function run(program: string, words: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}
