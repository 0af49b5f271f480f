import { join } from 'node:path';
import { findHost, type HostAddress } from '../../local/host-address.ts';
import { CommandError } from '../command-error.ts';
import { stateFolder } from '../../local/state-folder.ts';
import { send } from './send.ts';
import type { Service, Way } from './service.ts';

/** Where `rdp-medic start` says where it answers. */
export function startedHostFile(): string {
  return join(stateFolder(), 'start', 'host.json');
}

/** The host that `rdp-medic start` runs. @throws CommandError `usage` where none runs */
export async function openStartedHost(): Promise<Service> {
  const address = await findHost(startedHostFile());
  if (!address)
    throw new CommandError(
      'usage',
      'No service runs on this machine.',
      'Say --local to repair on Azure with your own sign-in, --app <address> for a deployed app, or start one before the simulated Azure: rdp-medic start.',
    );
  return atAddress('host', address);
}

/** A host on this machine, wherever it came from. */
export function atAddress(way: Way, { url, key, approverSecret, azure }: HostAddress): Service {
  const entry = { headers: { 'x-functions-key': key }, approverSecret };
  return {
    way,
    name: way === 'host' ? url : 'this machine',
    pollSeconds: 1,
    azure,
    ask: (ask) => send(url, entry, ask),
    close: () => Promise.resolve(),
  };
}
