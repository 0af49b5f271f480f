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

/** Tokens, and where they come from, are kept for the process; those of one simulated Azure are nothing to the next. */
function forgetTokens(): void {
  const { managedIdentityClient } = new ManagedIdentityApplication() as unknown as Kept;
  delete managedIdentityClient.constructor.identitySource;
  delete (ManagedIdentityApplication as unknown as { nodeStorage?: unknown }).nodeStorage;
}
/** What the library keeps for itself (version 5). */
interface Kept {
  managedIdentityClient: { constructor: { identitySource?: unknown } };
}
