import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostAddress } from '../../local/host-address.ts';
import {
  findOwnHost,
  ownHostFile,
  startOwnHost,
  type OwnHost,
  type OwnHostOptions,
} from '../../local/own-host.ts';
import { CommandError } from '../command-error.ts';
import { stateFolder } from '../../local/state-folder.ts';
import { atAddress } from './host.ts';
import type { Ask, Service } from './service.ts';

/** Ample for another process that is just starting its host, or has just ended. */
const TRIES = 60;
const TRY_AGAIN_MS = 500;

/** Where engine, records and evidence of `--local` lie. */
export function ownFolder(): string {
  const folder = join(stateFolder(), 'local');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * The service in this process, or that of another process of the user's which has the folder already: one repairs, others may look on
 * and answer it. When the other ends, this one takes over.
 */
export async function openLocal(options: Omit<OwnHostOptions, 'folder'>): Promise<Service> {
  const folder = ownFolder();
  let own: OwnHost | undefined;
  let service: Service | undefined;

  const open = async (): Promise<Service> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const running = await findOwnHost(folder);
      if (running) return withPage(running);
      own = await startOwnHost({ ...options, folder });
      if (own) return withPage(own);
      await sleep(TRY_AGAIN_MS);
    }
    throw new CommandError(
      'unreachable',
      `Another process is using ${folder} and does not respond.`,
      'End that process; its remediations resume with the next command.',
    );
  };
  const withPage = (address: HostAddress): Service => ({
    ...atAddress('local', address),
    page: { url: address.url, secrets: ownHostFile(folder) },
  });
  const ask = async (what: Ask): Promise<Response> => {
    service ??= await open();
    try {
      return await service.ask(what);
    } catch (error) {
      // Only what changes nothing is asked again by itself.
      if (own || what.method !== 'GET') throw error;
      service = await open();
      return service.ask(what);
    }
  };

  service = await open();
  return {
    ...service,
    ask,
    keepFiles: async (id) => own?.keepFiles(id),
    close: async () => own?.close(),
  };
}
