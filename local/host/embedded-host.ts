import type { Clock } from '../../shared/clock.ts';
import type { Durability } from './store/database.ts';
import type { Instance } from './store/instances.ts';

export interface HostOptions {
  /** Module that registers the functions: path or file URL. */
  entry: string;
  /** Path of the app's host.json. */
  hostJson: string;
  /** SQLite file of the durable state; several host processes may share it. */
  statePath: string;
  clock: Clock;
  /** What `AzureWebJobsStorage` stands for. */
  storageConnection: string;
  /** Any free port unless given; always on loopback. */
  port?: number;
  /** Key of function-level routes; a random one unless given, as the others. */
  functionKey?: string;
  /** Key of the addresses of the durable extension: on the real host the system key `durabletask_extension`. */
  systemKey?: string;
  /** Key of all of them and of the admin addresses. */
  masterKey?: string;
  log?: (line: string) => void;
  /** At most so many activities run at once; 32 unless given. */
  concurrentActivities?: number;
  /**
   * Whether orchestrators are kept between turns, which takes half the time, and replayed at their end alone; `false` unless given: the
   * real host for Node replays at every turn.
   */
  extendedSessions?: boolean;
  /** What a commit costs and withstands, see {@link Durability}; `normal` unless given. */
  durability?: Durability;
  /**
   * `off` leaves timer-triggered functions to `POST /admin/functions/{name}`: on a virtual clock a schedule that
   * never ends would make time run away whenever the host is idle.
   */
  timerTriggers?: 'on' | 'off';
  /** Called whenever a turn of an instance has been stored, before anything that follows from it is begun. */
  onTurn?: (instanceId: string, milliseconds: number) => void;
  /** Called whenever an activity has ended, with how long it ran, in real milliseconds. */
  onActivity?: (name: string, instanceId: string, milliseconds: number) => void;
}

export interface EmbeddedHost {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string;
  functionKey: string;
  systemKey: string;
  masterKey: string;
  /** Names of the functions that are off, with the reason. */
  off: ReadonlyMap<string, string>;
  /** Why no function was loaded at all. */
  startupError?: Error;
  /** Resolves once the instance has ended; at once if it has ended already. */
  finished: (instanceId: string) => Promise<Instance>;
  /** Resolves when nothing runs and nothing is ready to; timers and events may still be waited for. */
  idle: () => Promise<void>;
  /** Takes nothing up any more, waits for what runs, and leaves the state to the next host. */
  close: () => Promise<void>;
  /**
   * As if the process were killed: from this very moment on it stores nothing and begins nothing, and the next host of the state file takes
   * over at once. Resolves when what ran has run into the void.
   */
  crash: () => Promise<void>;
}
