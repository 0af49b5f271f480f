import type { EmbeddedHost, HostOptions } from '../../../local/host/embedded-host.ts';
import { startHost } from '../../../local/host/start-host.ts';

/** A host that can be killed, and is started again at once: whoever stands before it sees one address for all its lives. */
export interface MortalHost extends EmbeddedHost {
  /** Kills it, and starts the next one on what it had stored. Time stands still meanwhile. */
  die(): void;
  /** Whether it is dead just now: nothing that it had under way reaches anybody. */
  isDead(): boolean;
  /** When the one that lives now took over, in lab time. */
  bornAt(): number;
  /** How often it died. */
  deaths(): number;
  /** Resolves when it lives, if it does not. */
  alive(): Promise<void>;
}

/** @param onTurn called whenever a turn of an instance has been stored: the moment to let it die */
export async function startMortalHost(
  options: HostOptions,
  onTurn: (instanceId: string) => void,
): Promise<MortalHost> {
  const { clock } = options;
  const lives = { ...options, onTurn };
  let current = await startHost(lives);
  const { functionKey, systemKey, masterKey } = current;
  const keys = { functionKey, systemKey, masterKey };
  let deaths = 0;
  let bornAt = clock.now();
  let reborn: Promise<void> | undefined;

  const nextLife = async (): Promise<void> => {
    const release = clock.hold();
    await current.crash();
    current = await startHost({ ...lives, ...keys });
    bornAt = clock.now();
    reborn = undefined;
    release();
  };

  return {
    get url() {
      return current.url;
    },
    ...keys,
    off: current.off,
    ...(current.startupError && { startupError: current.startupError }),
    async finished(id) {
      for (;;) {
        await reborn;
        const life = current;
        const ended = life.finished(id);
        const died = new Promise<undefined>((resolve) => {
          const look = setInterval(() => {
            if (current === life) return;
            clearInterval(look);
            resolve(undefined);
          }, 20).unref();
          void ended.then(() => {
            clearInterval(look);
          });
        });
        const instance = await Promise.race([ended, died]);
        if (instance) return instance;
      }
    },
    idle: () => current.idle(),
    crash: () => current.crash(),
    async close() {
      await reborn;
      await current.close();
    },
    die() {
      if (reborn) return;
      deaths += 1;
      reborn = nextLife();
    },
    bornAt: () => bornAt,
    isDead: () => reborn !== undefined,
    deaths: () => deaths,
    alive: () => reborn ?? Promise.resolve(),
  };
}
