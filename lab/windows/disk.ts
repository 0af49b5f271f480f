import type { Quirks } from './quirks.ts';

/**
 * What a guest's disk holds: everything Windows would know after a restart. What *runs* is derived from
 * it at boot (`machine.ts`), so that snapshot, copy, attach and swap behave as they would. Plain JSON:
 * a snapshot is a copy (`copy-disk.ts`).
 */
export interface GuestDisk {
  style: 'GPT' | 'MBR';
  /** A dynamic disk (LDM): another machine sees it as foreign, and none of its volumes. */
  isDynamic?: boolean;
  /** How its Windows, or the disk itself, differs from one that behaves. */
  quirks?: Quirks;
  /** GPT disk GUID in braces, or MBR signature as eight hex digits. Copies share it: that is the collision. */
  identity: string;
  partitions: GuestPartition[];
}

export interface GuestPartition {
  number: number;
  kind: 'efi' | 'system-reserved' | 'msr' | 'recovery' | 'windows' | 'data';
  guid: string;
  label: string;
  /** The letter it has in its own Windows; another machine gives another one, or none. */
  ownLetter?: string;
  /** `sealed`: its own VM opens it when it starts; to every other machine it is locked. */
  bitLocker?: 'locked' | 'unlocked' | 'sealed';
  /** By path relative to the volume root, as Windows spells it (`\\Windows\\System32\\config\\SYSTEM`). Look up without regard to case. */
  files: Record<string, GuestFile>;
}

export interface GuestFile {
  kind: 'directory' | 'text' | 'hive' | 'bcd' | 'key';
  owner: Sid;
  /** Whether the parent's entries apply too. */
  inherits: boolean;
  acl: AccessEntry[];
  text?: string;
  hive?: Hive;
  /**
   * Keys of the hive whose permissions refuse even SYSTEM, by path from its root; `all` refuses reading too.
   * Keys below one are refused with it.
   */
  keyRefusals?: Record<string, KeyRefusal>;
  bcd?: BcdStore;
  /** Content that nobody can read any more: a hive whose disk was pulled with the hive loaded, a corrupt program file. */
  damaged?: boolean;
  /**
   * PEM of an RSA private key (a file of MachineKeys). `damaged` keys cannot be opened by anyone; `error` is the
   * HRESULT a provider says so with (`0x80090005` without it).
   */
  key?: { pem: string; damaged?: boolean; error?: number };
}

export type KeyRefusal = 'write' | 'all';

/** A security identifier, `S-1-5-18`. */
export type Sid = string;

export interface AccessEntry {
  sid: Sid;
  rights: 'F' | 'M' | 'RX' | 'R' | 'W' | 'RW';
  type: 'allow' | 'deny';
  /** Says nothing about the folder itself, only about what is in it (inherit only). */
  scope?: 'children';
}

/** Keys by path relative to the hive's root (`ControlSet001\\Control\\Terminal Server`), as spelled; look up without regard to case. */
export type Hive = Record<string, Record<string, RegistryValue>>;

export type RegistryValue =
  | { type: 'REG_DWORD' | 'REG_QWORD'; value: number }
  | { type: 'REG_SZ' | 'REG_EXPAND_SZ'; value: string }
  | { type: 'REG_MULTI_SZ'; value: string[] }
  /** Lower-case hex. */
  | { type: 'REG_BINARY'; value: string }
  /** A number whose bytes (lower-case hex) are too few or too many for its declared type. */
  | { type: 'malformed'; declared: 'REG_DWORD' | 'REG_QWORD'; value: string };

/**
 * A boot configuration store: objects by GUID or well-known name (`{bootmgr}`, `{emssettings}`), elements by
 * bcdedit's names. `device` and `osdevice` name a partition as the store does, by disk identity and partition:
 * `disk=<identity>;partition=<guid>` (bcdedit shows a letter instead).
 */
export interface BcdStore {
  objects: Record<string, Record<string, string>>;
}
