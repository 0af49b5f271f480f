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
  /** Asks the hooks; throws what they throw. */
  gate(change: Change): void;
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
}

/** What TermService settled when it started. */
interface RdpState {
  /** Port read at its start; `undefined` while it is stopped, or when it could not have the port. */
  port: number | undefined;
  credential: Credential;
}

interface RunningServices {
  /** Process id by lower-case service name; a service that is not in it is stopped. */
  readonly processes: Map<string, number>;
  /** Which service holds a TCP port, by port. */
  readonly ports: Map<number, string>;
  /** Highest process id given so far. */
  lastPid: number;
}

/** Hooks in front of every change; once one has killed the script, nothing of it gets through any more. */
export interface ChangeGate {
  gate(change: Change): void;
  add(hook: ChangeHook): () => void;
  /** A hook has killed the script that runs. */
  isKilled(): boolean;
  /** A new script run begins. */
  reset(): void;
}
