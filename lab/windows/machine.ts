import type { AccessEntry, RegistryValue, Sid } from './disk.ts';
import type { BootOps, HiveOps, StorageOps } from './machine/disks-api.ts';
import type {
  CertificateOps,
  EventOps,
  FirewallOps,
  InfoOps,
  NetworkOps,
  PolicyOps,
  ProcessOps,
  ServiceOps,
} from './machine/system-api.ts';

export type * from './machine/disks-api.ts';
export type * from './machine/system-api.ts';

/**
 * The running Windows of a guest, as a script run on it sees it: one implementation of what Windows does,
 * used by the stand-in commands under real PowerShell and by the TypeScript models of the scripts.
 *
 * Reads never change anything. Whatever Windows refuses throws `WindowsError` with the Win32 code.
 */
export interface Machine {
  /** The account the script runs as: `S-1-5-18` (SYSTEM), or that of Run Command's `runAsUser`. */
  readonly principal: Sid;
  readonly registry: RegistryOps;
  readonly services: ServiceOps;
  readonly processes: ProcessOps;
  readonly network: NetworkOps;
  readonly certificates: CertificateOps;
  readonly files: FileOps;
  readonly firewall: FirewallOps;
  readonly storage: StorageOps;
  readonly hives: HiveOps;
  readonly boot: BootOps;
  readonly policy: PolicyOps;
  readonly events: EventOps;
  readonly info: InfoOps;
  /** `Start-Sleep`: the script waits, and whatever is due by then comes about. It adds to the seconds of the run. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** The guest's clock, milliseconds since the epoch, with what the script has waited. */
  readonly now: () => number;
  /**
   * Calls the hook *before* each change of a disk or of running state; what it throws stops that change.
   * Once it has thrown `ScriptKilled`, every further change of the same run is refused with it too, so
   * that no `finally` of a killed script tidies up. Returns the way to take the hook off again.
   */
  onChange(hook: ChangeHook): () => void;
}

/** One change about to be made: the operation (`registry.set`) and what it is made to. */
export interface Change {
  readonly what: string;
  readonly target: string;
}

export type ChangeHook = (change: Change) => void;

/**
 * Keys that refuse the account (`keyRefusals` of their hive) give error 5: to every change, and to every read where
 * they refuse all.
 *
 * Keys are full paths: `HKLM\SYSTEM\CurrentControlSet\...` (followed to the set in `Select\Current`),
 * `HKLM\SOFTWARE\...`, and `HKLM\<name>\...` for a loaded hive. Neither keys nor value names have a case.
 */
export interface RegistryOps {
  exists(key: string): boolean;
  /** All values of a key, names as spelled, malformed ones too; `undefined` when the key is not there. */
  values(key: string): Record<string, RegistryValue> | undefined;
  get(key: string, name: string): RegistryValue | undefined;
  /** The value as a number; `undefined` when it is missing or of another type. */
  number(key: string, name: string): number | undefined;
  /** The value as text (REG_SZ, REG_EXPAND_SZ); `undefined` when it is missing or of another type. */
  text(key: string, name: string): string | undefined;
  /** Names of the direct subkeys, as spelled. Empty when the key is not there. */
  subkeys(key: string): string[];
  /** Creates the key and its parents; nothing happens when it is there. */
  create(key: string): void;
  /** Writes a value, creating its key (as `reg add`). Windows' own service keys refuse others than SYSTEM (5). */
  set(key: string, name: string, value: RegistryValue): void;
  /** Deletes a value; error 2 when it is not there. */
  deleteValue(key: string, name: string): void;
  /** Deletes a key with its subkeys; error 2 when it is not there. */
  deleteKey(key: string): void;
}

/** Paths are `C:\...` with a letter that this machine gave to a volume; no case. Error 3 for an unknown volume or parent. */
export interface FileOps {
  /** `[IO.File]::Exists` or `[IO.Directory]::Exists`: false also for what the account may not see. */
  exists(path: string): boolean;
  /** `Test-Path`: error 5 for what is there and may not be seen (its folder cannot be listed, nor it be read). */
  testPath(path: string): boolean;
  /** `Get-Item`: `undefined` when it is not there, error 5 as `testPath`. */
  get(path: string): FileView | undefined;
  /** What is on the disk, whoever asks: for the lab and its tests, no script sees this. */
  peek(path: string): FileView | undefined;
  /** Names of the direct children. Error 5 when the account may not list the folder, 3 when it is not there. */
  list(path: string): string[];
  /** Content of a text file. Error 5 when not readable, 2 when not there. */
  readText(path: string): string;
  /** Creates or overwrites a text file; its folder must be there. */
  writeText(path: string, text: string): void;
  makeDirectory(path: string): void;
  /** Owner and entries. Error 5 unless the account may read the descriptor (owner, or a right to read). */
  acl(path: string): SecurityView;
  /** Whether the account with this SID (and the groups it is always in) could open the file to read. */
  canRead(path: string, sid: Sid): boolean;
  /** The descriptor as text (`(Get-Acl).Sddl`), inherited entries marked `ID`. Error 5 as `acl`. */
  sddl(path: string): string;
  /**
   * Sets what the text has: the owner (as `setOwner`), then the entries (as `setAcl`); those marked `ID` are left
   * out. Error 87 for a text that is no descriptor, 5 as the two.
   */
  setSddl(path: string, sddl: string): void;
  /** Replaces the entries. Error 5 unless the account is the owner or has full control. */
  setAcl(path: string, acl: { entries: AccessEntry[]; inherits: boolean }): void;
  /** `icacls /grant`: adds an allow entry, or replaces the SID's allow entry when `replace` (`/grant:r`). */
  grant(path: string, sid: Sid, rights: AccessEntry['rights'], options?: { replace?: boolean }): void;
  /** `icacls /deny`. */
  deny(path: string, sid: Sid, rights: AccessEntry['rights']): void;
  /** `icacls /remove[:g|:d]`: drops the SID's entries of the type, or of both. */
  removeEntries(path: string, sid: Sid, type?: AccessEntry['type']): void;
  /** `icacls /inheritance:e|r`. */
  setInheritance(path: string, inherits: boolean): void;
  /** `takeown /f PATH /a`: owner becomes Administrators, whatever the entries say. Not recursive. */
  takeOwnership(path: string): void;
  /** Gives the file to an owner: needs SeRestorePrivilege, which SYSTEM and Administrators can enable. */
  setOwner(path: string, sid: Sid): void;
  /** Keeps the descriptor and content. Error 5 unless it may be deleted at its old place. */
  move(from: string, to: string): void;
  /** Copies a file; the copy has the new folder's inherited entries. Error 32 for a hive in use. */
  copy(from: string, to: string): void;
  /** Deletes a file or an empty folder. Error 5 without the right, 32 in use. */
  remove(path: string): void;
}

export interface FileView {
  /** Full path as spelled on the disk. */
  path: string;
  name: string;
  isDirectory: boolean;
  /** Bytes, stable for unchanged content. */
  size: number;
  /** Its content is not whole: a key that no provider opens, a hive that does not load. */
  damaged: boolean;
}

export interface SecurityView {
  owner: Sid;
  inherits: boolean;
  /** The file's own entries. */
  entries: AccessEntry[];
  /** Those that come from above, when it inherits. */
  inherited: AccessEntry[];
}
