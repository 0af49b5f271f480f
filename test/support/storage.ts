import { startAzurite, type Azurite } from '../../local/azurite.ts';

const GLOBAL = 'RDP_MEDIC_TEST_AZURITE';

/** Starts one Azurite for the whole run; jest's workers inherit the variable that names it. */
export async function startSharedStorage(): Promise<Azurite> {
  const azurite = await startAzurite();
  process.env[GLOBAL] = azurite.connectionString('account1');
  return azurite;
}

/** Connection string of an account of this name alone, so that test files see nothing of each other. */
export function storageAccount(number: number): string {
  const shared = process.env[GLOBAL];
  if (!shared) throw new Error('jest.config.js: globalSetup has not run');
  return shared.replaceAll('account1', `account${String(number)}`);
}
