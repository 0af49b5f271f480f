import { DefaultAzureCredential } from '@azure/identity';
import { createAzure, type Azure, type AzureOptions } from '../shared/azure/clients.ts';
import { readConfig, type Config } from '../shared/config.ts';

/** The Azure that a service works on, seen with the user's own sign-in. */
export interface OwnAzure {
  azure: Azure;
  options: AzureOptions;
  config: Config;
}

/** Nothing is read from it: a config without a storage is none. */
const NO_STORAGE = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };

/** @param settings where that Azure is, beside what the environment says */
export function openAzure(settings: Readonly<Record<string, string>>): OwnAzure {
  // The credential reads its own settings from there.
  Object.assign(process.env, settings);
  const config = readConfig({ ...NO_STORAGE, ...process.env });
  const options = { credential: new DefaultAzureCredential(), ...config.arm };
  return { azure: createAzure(options), options, config };
}
