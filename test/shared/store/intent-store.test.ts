import { BlobServiceClient } from '@azure/storage-blob';
import { MedicError } from '../../../shared/errors.ts';
import { createIntentStore } from '../../../shared/store/intent-store.ts';
import { storageAccount } from '../../support/storage.ts';

const containerOf = (name: string) =>
  BlobServiceClient.fromConnectionString(storageAccount(60)).getContainerClient(name);

it('an intent is there once it was noted, for its remediation alone, and the first note stays', async () => {
  const container = containerOf('intents');
  await container.create();
  const intents = createIntentStore(container);
  expect(await intents.has('vm-1', '1-start')).toBe(false);
  await intents.begin('vm-1', '1-start', { first: true });
  await intents.begin('vm-1', '1-start', { first: false });
  expect(await intents.has('vm-1', '1-start')).toBe(true);
  expect(await intents.has('vm-2', '1-start')).toBe(false);
  expect(await intents.read('vm-1', '1-start')).toEqual({ first: true });
  expect(await intents.read('vm-2', '1-start')).toBeUndefined();
});

it('an intent that was withdrawn is no longer there, and may be noted anew', async () => {
  const container = containerOf('withdrawn');
  await container.create();
  const intents = createIntentStore(container);
  await intents.withdraw('vm-1', '1-start');
  await intents.begin('vm-1', '1-start', {});
  await intents.withdraw('vm-1', '1-start');
  expect(await intents.has('vm-1', '1-start')).toBe(false);
  await intents.begin('vm-1', '1-start', {});
  expect(await intents.has('vm-1', '1-start')).toBe(true);
});

it('an intent that cannot be noted stops the deed, and is tried again', async () => {
  const error = await createIntentStore(containerOf('missing'))
    .begin('vm-1', '1-start', {})
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MedicError);
  expect(error).toMatchObject({ code: 'AzureUnavailable' });
});
