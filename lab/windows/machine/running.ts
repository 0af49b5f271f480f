import type { GuestDisk, GuestFile, GuestPartition, Hive } from '../disk.ts';
import type { GuestSurroundings } from '../guest.ts';
import type { Change, ChangeHook } from '../machine.ts';
import type { EventLog } from '../event-log.ts';
import type { Credential } from '../rdp/credential.ts';
import type { Wire } from '../wire.ts';
import type { OfflineReason } from './disks-api.ts';

/** What only lives as long as Windows runs. Everything else is on the disk. */
export interface Running {
  readonly surroundings: GuestSurroundings;
  readonly osDisk: GuestDisk;
  /** The volume Windows started from, its C:. */
  readonly volume: GuestPartition;
  readonly system: Hive;
  readonly software: Hive;
  /** `undefined` when the disk has none. */
  readonly sam: Hive | undefined;
  /** `ControlSet001`: what CurrentControlSet stands for. */
  readonly controlSet: string;
  /** Milliseconds since the epoch. */
  readonly bootedAt: number;
  readonly disks: AttachedDisk[];
  readonly hives: Map<string, LoadedHive>;
  readonly services: RunningServices;
  readonly log: EventLog;
  readonly wire: Wire;
  readonly rdp: RdpState;
  readonly time: RunningTime;
  /** The power is gone: nothing of it happens any more. */
  isOver: boolean;
  /** Milliseconds since the epoch, with what the script that runs has waited. */
  now(): number;
  /** Asks the hooks; throws what they throw, and what the machine's quirks refuse. */
  gate(change: Change): void;
  /** The script waits for what will never come: it ends when the platform ends it. Always throws. */
  stick(reason: string): never;
}

interface RunningTime {
  /** Seconds the script that runs has slept or waited; the clock does not stand there yet. */
  waited: number;
}

export interface AttachedDisk {
  readonly number: number;
  readonly lun: number | undefined;
  readonly disk: GuestDisk;
  isOffline: boolean;
  offlineReason: OfflineReason | undefined;
  isReadOnly: boolean;
  /** Letter by partition number. */
  readonly letters: Map<number, string>;
}

interface LoadedHive {
  readonly name: string;
  readonly path: string;
  readonly disk: AttachedDisk;
  readonly file: GuestFile;
  readonly hive: Hive;
  /** PowerShell's registry provider keeps a handle after each access, until garbage is collected. */
  openHandle: boolean;
  /** Another program has it open until then, in milliseconds since the epoch. */
  readonly heldUntil: number;
}

/** What TermService settled when it started. */
interface RdpState {
  /** Port read at its start; `undefined` while it is stopped, or when it could not have the port. */
  port: number | undefined;
  credential: Credential;
  /** When its port opens, in milliseconds since the epoch. */
  listensAt: number;
}

interface RunningServices {
  /** Process id by lower-case service name; a service that is not in it is stopped. */
  readonly processes: Map<string, number>;
  /** Services on their way, by lower-case name. */
  readonly transitions: Map<string, Transition>;
  /** When a process began, in milliseconds since the epoch, by its id. */
  readonly startedAt: Map<number, number>;
  /** Which service holds a TCP port, by port. */
  readonly ports: Map<number, string>;
  /** Which service holds a TCP port of 127.0.0.1 alone. */
  readonly loopbackPorts: Map<number, string>;
  /** Lower-case names of those that run and hear nothing. */
  readonly silent: Set<string>;
  /** Highest process id given so far. */
  lastPid: number;
}

interface Transition {
  readonly state: 'StartPending' | 'StopPending';
  /** Milliseconds since the epoch; `Infinity` for one that never comes to its end. */
  readonly until: number;
}

/** Hooks in front of every change; once one has killed the script, nothing of it gets through any more. */
export interface ChangeGate {
  gate(change: Change): void;
  add(hook: ChangeHook): () => void;
  /** A hook has killed the script that runs. */
  isKilled(): boolean;
  /** It waits for ever: as killed, but only when its time is up. Always throws. */
  stick(reason: string): never;
  isStuck(): boolean;
  /** A new script run begins. */
  reset(): void;
}
