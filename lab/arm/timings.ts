import { ownDurations } from './own-durations.ts';

/**
 * How long Azure takes, in seconds of lab time: assumed, for a two-core VM in a quiet region, unless a source stands beside; no service level
 * promises any of them (docs/performance.md, durations). Everything the product waits for is in this one place.
 */
const ASSUMED = {
  /** Incremental snapshots are copy-on-write: the size hardly matters. */
  snapshot: 20,
  /** A `CopyStart` snapshot answers as soon as the copy has begun; the copy itself goes on. */
  snapshotBackgroundCopy: 300,
  /** A disk from a snapshot in the same region is usable before its blocks have all been copied. */
  diskCopy: 30,
  diskCreate: 5,
  diskUpdate: 3,
  diskDelete: 5,
  snapshotDelete: 5,
  /** Windows shuts down, then the host is released. */
  deallocate: 45,
  powerOff: 25,
  /** Power off without asking the guest. */
  powerOffHard: 8,
  start: 40,
  restart: 35,
  reapply: 15,
  /** Until a host is found and the disk laid down; then Windows boots, and its agent reports. */
  vmAllocate: 25,
  vmDelete: 40,
  /** Any change of the model without a disk: size, tags, delete options. */
  vmUpdate: 5,
  /** Another host size, with what it takes to move there. */
  resize: 30,
  osDiskSwap: 15,
  /** Attach or detach of data disks; also when several go at once. */
  attachDetach: 10,
  /** Extension is configured, polled and reports back, around whatever the script itself takes. */
  runCommandOverhead: 15,
  runCommandDelete: 5,
  /** Download and handler, for one that is small. */
  extension: 30,
  networkWrite: 4,
  networkDelete: 6,
  effectiveRules: 8,
  resourceGroupDelete: 60,
} as const;

/** The same, with those that a user has measured from real activity logs (scripts/measure-durations.ts). */
export const SECONDS: Readonly<Record<keyof typeof ASSUMED, number>> = {
  ...ASSUMED,
  ...ownDurations(process.env['RDP_MEDIC_LAB_DURATIONS'], Object.keys(ASSUMED)),
};

/** How long the platform waits for a silent VM agent before it gives up (about 25 min, azure-xplat-cli#2794). */
export const AGENT_PATIENCE_SECONDS = 1500;

/** How long a new VM may take until its agent reports. */
export const PROVISIONING_PATIENCE_SECONDS = 2400;

/** How often it looks whether the agent has come back. */
export const AGENT_POLL_SECONDS = 15;

/** An action Run Command may run for 90 minutes; a managed one as long unless it says otherwise. */
export const RUN_COMMAND_LIMIT_SECONDS = 5400;

/** Longest `timeoutInSeconds` of a managed run command: seven days. */
export const RUN_COMMAND_LONGEST_SECONDS = 604_800;

/** `Retry-After` of operations. */
export const RETRY_AFTER_SECONDS = { compute: 10, disks: 2, network: 10, resources: 15 } as const;
