/**
 * How one Windows (or one disk) differs from one that behaves: what stands in no registry and no file, because it
 * is what programs, drivers and the network do. It lies on the disk, so that copies of the disk have it too.
 * Each has a function in `lab/fleet/faults` that puts it there.
 */
export interface Quirks {
  /** By lower-case service name. */
  services?: Record<string, ServiceQuirk>;
  /** Changes that are refused, by the name a change hook hears (`firewall.set`, `storage.set-offline`). */
  refusals?: Refusal[];
  /** The VM's own firewall and storage commands are fine, WMI's repository is not: nothing that asks WMI gets an answer. */
  wmiBroken?: boolean;
  /** Programs that are gone, `netsh.exe`. */
  missingPrograms?: string[];
  /** No BitLocker feature: no such WMI class, and a locked volume looks like one that was never formatted. */
  bitLockerAbsent?: boolean;
  /** A certificate of RDP whose key is gone stays as it is: SessionEnv makes another only where there is none. */
  keepsKeylessCertificate?: boolean;
  /** Seconds that a scanner holds a hive after it was loaded on this machine. */
  hiveHeldSeconds?: number;
  /** No byte is free on Windows' volume. */
  diskFull?: boolean;
  /** Seconds that reading one file's descriptor takes, on a slow disk with very many of them. */
  secondsPerDescriptor?: number;
  policy?: PolicyQuirk;
}

export interface ServiceQuirk {
  /** Once told to stop it is StopPending for good. */
  hangsOnStop?: boolean;
  /** Seconds from the start to Running. */
  startSeconds?: number;
  /** Seconds from Running until its ports are open. */
  listenSeconds?: number;
  /** It has been running for long and hears nothing any more: no port of it is open until it starts anew. */
  silent?: boolean;
  /** It lives in one process with all services that name the same host. */
  host?: string;
  /** It listens for programs of this machine alone, on 127.0.0.1. */
  loopbackOnly?: boolean;
}

export interface Refusal {
  what: string;
  /** What the change is made to, without regard to case; all when it is missing. */
  target?: string;
  /** Win32 code; 5 (access denied) without it. */
  code?: number;
}

export interface PolicyQuirk {
  /** No domain controller answers: `gpupdate` ends with an error, although the Group Policy service works. */
  unreachable?: boolean;
  /** A policy wants to install software: `gpupdate` asks whether it may restart, and waits for the answer. */
  asks?: boolean;
  /** Seconds a refresh takes. */
  seconds?: number;
}
