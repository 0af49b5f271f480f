import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPROVER_SECRET, type StageOptions } from '../../../local/stage.ts';
import type { FaultableRequest } from '../../../lab/faults/fault.ts';
import { openTheatre, type Theatre } from '../../e2e/support/theatre.ts';
import { startMortalHost, type MortalHost } from './mortal-host.ts';

/** A theatre whose host may be killed at any moment. */
export interface MortalTheatre extends Theatre {
  host: MortalHost;
  /** Told of each turn that is stored, and of each change that Azure is asked for: true kills the host. */
  reaper: Reaper;
  /** Where the hosts keep what they do, for another one beside. */
  statePath: string;
  /** Connection string of the account. */
  storage: string;
}

const APPROVER = { 'x-rdp-medic-approver': APPROVER_SECRET };

export interface Reaper {
  afterTurn?: ((instanceId: string) => boolean) | undefined;
  /** The change is done, and its answer is lost with the host. */
  inCall?: ((call: FaultableRequest) => boolean) | undefined;
}

/** @param storage connection string of an account */
export async function openMortalTheatre(
  storage: string,
  options: Partial<StageOptions>,
): Promise<MortalTheatre> {
  const reaper: Reaper = {};
  let host: MortalHost | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-chaos-'));
  const statePath = join(folder, 'durable.sqlite');
  const theatre = await openTheatre(0, {
    ...(process.env['LOG'] ? { log: (l: string) => void process.stderr.write(l + '\n') } : {}),
    ...options,
    storage,
    startHost: async (given) => {
      // The state has to outlive the host.
      host = await startMortalHost({ ...given, statePath }, (id) => {
        if (reaper.afterTurn?.(id) === true) host?.die();
      });
      return host;
    },
  });
  const mortal = host;
  if (!mortal) throw new Error('The host was not started.');
  killInCalls(theatre, mortal, reaper);
  outliveDeaths(theatre, mortal);
  return {
    ...theatre,
    host: mortal,
    reaper,
    statePath,
    storage,
    async close() {
      await theatre.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What a dead host had under way reaches nobody, also where somebody else acts before Azure looks at it and the next host lives by then; a change
 * in which it dies is done, and nobody hears of it.
 */
function killInCalls({ stage: { lab } }: Theatre, host: MortalHost, reaper: Reaper): void {
  const die = host.die.bind(host);
  host.die = () => {
    die();
    lab.hangUp();
  };
  const { next } = lab.faults;
  lab.faults.next = (call) => {
    if (host.isDead() || call.at < host.bornAt()) return { kind: 'reset' };
    const effect = next(call);
    if (call.method === 'GET' || effect !== undefined || reaper.inCall?.(call) !== true) return effect;
    host.die();
    return { kind: 'lose-answer' };
  };
}

/** Whoever calls while it is dead calls again. */
function outliveDeaths({ stage }: Theatre, host: MortalHost): void {
  const call = stage.call.bind(stage);
  const again = async (...args: Parameters<typeof call>): Promise<Response> => {
    for (;;) {
      await host.alive();
      const before = host.deaths();
      try {
        const answer = await call(...args);
        // A dead host answers nobody.
        if (before === host.deaths()) return answer;
      } catch (error) {
        if (before === host.deaths()) throw error;
      }
    }
  };
  stage.call = again;
  stage.callAsApprover = (method, path, body) => again(method, path, body, APPROVER);
}
