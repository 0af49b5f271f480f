import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import type { policySchema } from '../shared/repair/policy/schema.ts';
import { APP_ENTRY, HOST_JSON } from './app-entry.ts';
import { startAzurite } from './azurite.ts';
import { clockFrom } from './host/clock.ts';
import { startHost } from './host/start-host.ts';
import { findHost, removeHostAddress, writeHostAddress, type HostAddress } from './host-address.ts';
import { keepFiles } from './keep-files.ts';
import { takeLock } from './lock.ts';

export interface OwnHostOptions {
  /** Where engine, records and evidence are kept from one call to the next; it is there. */
  folder: string;
  /** The policy file; `OWN_POLICY` where left out and `RDP_MEDIC_POLICY` is not set. */
  policy?: string | undefined;
  /** Blob address of a storage account for the output of scripts, which VMs can reach. */
  evidence?: string | undefined;
}

/** The service in this process, on the Azure that the user has signed in to. */
export interface OwnHost extends HostAddress {
  /** Writes what is kept of a remediation into files; gives back their folder. */
  keepFiles(remediationId: string): Promise<string>;
  /** Takes nothing up any more; what is not done yet goes on with the next. */
  close(): Promise<void>;
}

/**
 * What whoever repairs by hand may do with the rights of their own: everything, and they are asked before a VM goes out of service.
 * Rests between attempts are for senders that repeat themselves; a person knows.
 */
const OWN_POLICY: z.input<typeof policySchema> = {
  limits: { coolDownMinutes: 0, lookCoolDownMinutes: 0, attemptsPerDay: 100 },
  peers: { allowed: true },
  sources: { operator: { approval: ['restart', 'offline'] } },
};

/** Settings of a deployment that mean nothing here, or something else. */
const NOT_HERE = [
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__queueServiceUri',
  'AzureWebJobsStorage__tableServiceUri',
  'AzureWebJobsStorage__accountName',
  'RDP_MEDIC_AUTH',
  'RDP_MEDIC_TENANT',
];

/** File in the folder that says where its host answers, while one runs. */
export function ownHostFile(folder: string): string {
  return join(folder, 'host.json');
}

/**
 * Starts the host of a folder, or gives back nothing where another process is about to: only one may have the folder.
 * @throws Error where the storage emulator or the app does not come up
 */
export async function startOwnHost(options: OwnHostOptions): Promise<OwnHost | undefined> {
  const { folder } = options;
  const lock = takeLock(join(folder, 'host.lock'));
  if (!lock) return undefined;
  const ends: (() => Promise<void> | void)[] = [lock];
  const close = async (): Promise<void> => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
  };
  try {
    const azurite = await startAzurite(join(folder, 'storage'));
    ends.push(() => azurite.close());
    const storage = azurite.connectionString();
    const approverSecret = randomBytes(24).toString('base64url');
    for (const name of NOT_HERE) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, ownHostSettings(options), {
      AzureWebJobsStorage: storage,
      RDP_MEDIC_APPROVER_SECRET: approverSecret,
      // Whoever has the key signs in to the page; a session ends with the host that began it.
      RDP_MEDIC_SESSION_SECRET: randomBytes(32).toString('base64url'),
    });
    const host = await startHost({
      entry: APP_ENTRY,
      hostJson: HOST_JSON,
      statePath: join(folder, 'durable.sqlite'),
      // A machine may lose its power in the middle of a repair.
      durability: 'full',
      clock: clockFrom(process.env['RDP_MEDIC_CLOCK']),
      storageConnection: storage,
      timerTriggers: 'on',
      log: (line) => {
        appendFileSync(join(folder, 'host.log'), `${new Date().toISOString()} ${line}\n`);
      },
    });
    ends.push(() => host.close());
    if (host.startupError) throw host.startupError;
    const file = ownHostFile(folder);
    const address = { pid: process.pid, url: host.url, key: host.functionKey, approverSecret, azure: {} };
    writeHostAddress(file, address);
    ends.push(() => {
      removeHostAddress(file);
    });
    return {
      ...address,
      keepFiles: (id) => keepFiles(storage, id, join(folder, 'remediations')),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The host of a folder that another process runs. */
export function findOwnHost(folder: string): Promise<HostAddress | undefined> {
  return findHost(ownHostFile(folder));
}

/** The app's settings in such a host, but for its storage and its secret; the environment says the rest. */
export function ownHostSettings({ folder, policy, evidence }: OwnHostOptions) {
  return {
    RDP_MEDIC_DEPLOYMENT: process.env['RDP_MEDIC_DEPLOYMENT'] ?? deploymentOf(folder),
    RDP_MEDIC_POLICY: policy ?? process.env['RDP_MEDIC_POLICY'] ?? ownPolicyIn(folder),
    RDP_MEDIC_EVIDENCE: evidence ?? process.env['RDP_MEDIC_EVIDENCE'] ?? 'none',
  };
}

/** The same with every start, though the emulator's port is another one: by it the janitor knows what is its own. */
function deploymentOf(folder: string): string {
  const file = join(folder, 'deployment');
  if (!existsSync(file)) writeFileSync(file, `local-${randomBytes(6).toString('hex')}`);
  return readFileSync(file, 'utf8').trim();
}

function ownPolicyIn(folder: string): string {
  const file = join(folder, 'policy.json');
  writeFileSync(file, `${JSON.stringify(OWN_POLICY, undefined, 2)}\n`);
  return file;
}
