import { DefaultAzureCredential } from '@azure/identity';
import { CommandError } from '../command-error.ts';
import { send, type Entry } from './send.ts';
import type { Service } from './service.ts';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * A deployed app. With a function key in `RDP_MEDIC_KEY` it is called by key; else by the user's own sign-in, for which
 * `RDP_MEDIC_APP_SCOPE` names the scope of the app's registration (`api://<client id>/.default`).
 * @throws CommandError `usage` for what is no address, or one to which a secret would go unencrypted
 */
export function openApp(address: string): Service {
  const base = baseOf(address);
  const credential = new DefaultAzureCredential();
  const { RDP_MEDIC_KEY: key, RDP_MEDIC_APP_SCOPE: scope } = process.env;
  const approverSecret = process.env['RDP_MEDIC_APPROVER_SECRET'];
  if (key === undefined && scope === undefined)
    throw new CommandError(
      'usage',
      'No credentials for the app are set.',
      'Set RDP_MEDIC_KEY to a function key. If the app uses Entra ID, set RDP_MEDIC_APP_SCOPE to its scope (api://<client id>/.default) and sign in with az login.',
    );
  const entry = async (): Promise<Entry> =>
    key === undefined
      ? {
          headers: { authorization: `Bearer ${await tokenFor(credential, scope ?? '')}` },
          approverSecret: undefined,
        }
      : { headers: { 'x-functions-key': key }, approverSecret };
  return {
    way: 'app',
    name: base,
    pollSeconds: 5,
    azure: {},
    ask: async (ask) => send(base, await entry(), ask),
    close: () => Promise.resolve(),
  };
}

function baseOf(address: string): string {
  const url = URL.parse(address.includes('://') ? address : `https://${address}`);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CommandError(
      'usage',
      `${address} is not a valid app address.`,
      'Use an address such as https://<app>.azurewebsites.net.',
    );
  if (url.search !== '' || url.username !== '')
    throw new CommandError(
      'usage',
      'The address contains a key or a user name.',
      'Pass the address only, and put the key in RDP_MEDIC_KEY: other users can read command lines.',
    );
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    throw new CommandError('usage', 'http:// would send the key unencrypted.', 'Use https://.');
  return url.origin;
}

async function tokenFor(credential: DefaultAzureCredential, scope: string): Promise<string> {
  try {
    return (await credential.getToken(scope)).token;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new CommandError(
      'unreachable',
      `Could not get a token for ${scope}: ${reason ?? ''}`,
      'Sign in with az login.',
      error,
    );
  }
}
