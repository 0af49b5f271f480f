/** The disk side of `Machine`: storage, offline hives, boot configuration. */

export type OfflineReason = 'Policy' | 'Collision';

export interface DiskView {
  /** 0 is the boot disk. */
  number: number;
  /** LUN it is attached at; `undefined` for the boot and the temporary disk. */
  lun: number | undefined;
  busType: 'SAS' | 'NVMe';
  /** `Integrated : ... : LUN 2`, as the storage stack words it. */
  location: string;
  isBoot: boolean;
  isSystem: boolean;
  isOffline: boolean;
  offlineReason: OfflineReason | undefined;
  isReadOnly: boolean;
  style: 'GPT' | 'MBR';
  /** Disk GUID with braces (GPT), or signature as eight hex digits (MBR). */
  identity: string;
}

export interface PartitionView {
  diskNumber: number;
  number: number;
  guid: string;
  /** Partition type GUID, `{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}` for EFI; `undefined` on MBR. */
  gptType: string | undefined;
  /** `System`, `IFS`, `Reserved`, `Recovery`, `Basic`; `LDM Data` on a dynamic disk. */
  type: string;
  label: string;
  /** Letter on this machine, one capital. */
  letter: string | undefined;
  /** MBR: the active partition. */
  isActive: boolean;
  /** By BitLocker's WMI class; `unknown` where the feature is not installed. */
  bitLocker: 'none' | 'locked' | 'unlocked' | 'unknown';
  /** `RAW` for a volume that this machine cannot read: a locked one, one of a dynamic disk. Empty where none can be. */
  fileSystem: 'NTFS' | 'FAT32' | 'RAW' | '';
}

export interface StorageOps {
  disks(): DiskView[];
  /**
   * Brings a disk online and gives its basic volumes letters. With a colliding identity Windows *writes a new
   * identity to the disk* (and its boot configuration no longer finds it).
   */
  setOnline(diskNumber: number): void;
  /** Error 170 while a hive of it is loaded. Its letters go. */
  setOffline(diskNumber: number): void;
  setReadOnly(diskNumber: number, isReadOnly: boolean): void;
  /** Empty while the disk is offline. */
  partitions(diskNumber: number): PartitionView[];
  /** Letters no volume has, from D on. */
  freeLetters(): string[];
  /** Gives a partition a letter (`diskpart assign` for EFI, which `Add-PartitionAccessPath` refuses). */
  assignLetter(diskNumber: number, partitionNumber: number, letter: string): void;
  removeLetter(diskNumber: number, partitionNumber: number): void;
  /** `Write-VolumeCache`. */
  flush(letter: string): void;
}

export interface HiveOps {
  /** Loaded by someone (not Windows' own): name under HKLM, and the file. */
  loaded(): { name: string; path: string }[];
  /** `reg load HKLM\name path`. Errors: 2 no file, 5 access or name taken, 32 in use, 19 disk read-only, 1015 hive is corrupt. */
  load(name: string, path: string): void;
  /** `reg unload`. Error 5 while a handle is open: PowerShell's registry provider keeps one until `collectHandles`. */
  unload(name: string): void;
  /** `[gc]::Collect()` and waiting for finalizers. */
  collectHandles(): void;
}

/** An object's elements by bcdedit's (English, `/v`) names: `device`, `path`, `default`, `bootems`, `ems`. */
export type BcdElements = Record<string, string>;

/** A store is named by the path of its file; without one it is this machine's own. */
export interface BootOps {
  /** By GUID or well-known name (`{bootmgr}`, `{emssettings}`). Error 2 no store. */
  objects(storePath?: string): Record<string, BcdElements>;
  /** Creates the object when it is a well-known one. Error 2 for an unknown GUID. */
  setElement(object: string, element: string, value: string, storePath?: string): void;
  /**
   * What the default loader starts from (its `osdevice`), by the disk's own names: GUIDs of the lab's partitions, on MBR disks
   * too. `undefined` where the store does not say. Error 2 no store.
   */
  osPartition(storePath?: string): string | undefined;
  deleteElement(object: string, element: string, storePath?: string): void;
  /** Of this machine's own store only: there is no way to name another (BCDEdit options). */
  exportOwn(toPath: string): void;
  importOwn(fromPath: string): void;
}
