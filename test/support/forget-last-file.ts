import { ManagedIdentityApplication } from '@azure/msal-node';
import { forgetApps } from '../../local/host/load-app.ts';

let settings: NodeJS.ProcessEnv | undefined;

/** As if each test file had a process of its own: what the one before has left in the process is forgotten. */
export function forgetLastFile(): void {
  settings ??= { ...process.env };
  for (const name of Object.keys(process.env))
    if (!(name in settings)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, settings);
  forgetApps();
  forgetTokens();
}

/** Tokens, and where they come from, are kept for the process (MSAL, version 5); those of one simulated Azure are nothing to the next. */
function forgetTokens(): void {
  const client: unknown = Reflect.get(new ManagedIdentityApplication(), 'managedIdentityClient');
  if (!(client instanceof Object)) throw new Error('MSAL keeps its tokens elsewhere by now.');
  Reflect.deleteProperty(client.constructor, 'identitySource');
  Reflect.deleteProperty(ManagedIdentityApplication, 'nodeStorage');
}
