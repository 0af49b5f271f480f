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
      'No RDP Medic service is running on this machine.',
      'Use --local to repair with your own Azure sign-in, --app <address> for a deployed app, or run rdp-medic start for one with a simulated Azure.',
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
