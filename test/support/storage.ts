import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { startAzurite, type Azurite } from '../../local/azurite.ts';

const GLOBAL = 'RDP_MEDIC_TEST_AZURITE';
const CLAIMS = 'RDP_MEDIC_TEST_ACCOUNTS';

/** Starts one Azurite for the whole run; jest's workers inherit the variables that name it, and who uses which account. */
export async function startSharedStorage(): Promise<Azurite> {
  const azurite = await startAzurite();
  const claims = mkdtempSync(join(tmpdir(), 'rdp-medic-accounts-'));
  process.env[GLOBAL] = azurite.connectionString('account1');
  process.env[CLAIMS] = claims;
  return {
    ...azurite,
    close: async () => {
      rmSync(claims, { recursive: true, force: true });
      await azurite.close();
    },
  };
}

/**
 * Connection string of an account of this number, which one test file alone may use, so that they see nothing of each other.
 * @throws Error where another test file uses it
 */
export function storageAccount(number: number): string {
  const shared = process.env[GLOBAL];
  const claims = process.env[CLAIMS];
  if (shared === undefined || claims === undefined)
    throw new Error('jest.config.js: globalSetup has not run');
  const { testPath = '' } = expect.getState();
  const user = userOf(join(claims, String(number)), testPath);
  if (user !== testPath) throw new Error(`Storage account ${String(number)} is used by ${user}.`);
  const account = shared.replaceAll('account1', `account${String(number)}`);
  accounts.set(testPath, (accounts.get(testPath) ?? new Set()).add(account));
  return account;
}

/** Connection strings of the accounts that a test file has used in this process. */
const accounts = new Map<string, Set<string>>();

/** Empties the accounts that a test file used when it was run before in this process. */
export async function emptyAccountsOf(testPath: string): Promise<void> {
  for (const account of accounts.get(testPath) ?? []) {
    const blobs = BlobServiceClient.fromConnectionString(account);
    for await (const { name } of blobs.listContainers()) await blobs.deleteContainer(name);
    const queues = QueueServiceClient.fromConnectionString(account);
    for await (const { name } of queues.listQueues()) await queues.deleteQueue(name);
  }
}

/** The first who asks has it. */
function userOf(claim: string, testPath: string): string {
  try {
    writeFileSync(claim, testPath, { flag: 'wx' });
    return testPath;
  } catch {
    return readFileSync(claim, 'utf8');
  }
}
