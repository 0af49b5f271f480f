import type { Clock } from '../../shared/clock.ts';
import type { GuestDisk } from './disk.ts';

/**
 * The Windows inside one simulated VM, as the simulated Azure sees it. The arm side owns disks and power;
 * the windows side owns what runs. Implemented by `machine.ts`.
 */
export interface Guest {
  /** Whether Windows is off, starting, up, or stuck before or at its kernel (a disk that does not boot). */
  readonly state: 'off' | 'booting' | 'running' | 'stuck';
  /** What the VM agent reports to Azure. */
  readonly agent: 'Ready' | 'Not Ready' | 'Unknown';
  /**
   * Reads the OS disk, derives services, sockets and policy from it, opens the RDP port. Resolves when power is on;
   * Windows then boots on the clock (35 s to RDP, 60 s to an agent that is Ready).
   * `settled`: a VM that had been running for long when the lab began; it is up when the promise resolves.
   */
  powerOn(options?: { settled?: boolean }): Promise<void>;
  /** Closes every socket. What is on the disks stays. */
  powerOff(): Promise<void>;
  /** A data disk arrives or leaves while running. Windows decides whether it comes online (identity collision, SAN policy). */
  attachDisk(lun: number, disk: GuestDisk): void;
  detachDisk(lun: number): void;
  /**
   * Runs a script as SYSTEM, as the Run Command extension would (Windows PowerShell 5.1).
   * Never throws for what a script does: that is in the answer.
   */
  runScript(run: ScriptRun): Promise<ScriptOutcome>;
}

export interface ScriptRun {
  /** The whole script text, as Azure received it. */
  text: string;
  /** Strings only: that is all Run Command can pass. */
  parameters: Record<string, string>;
  runAs?: { user: string; password: string };
}

export interface ScriptOutcome {
  stdout: string;
  stderr: string;
  exitCode: number;
  /** How long it took, in seconds of lab time; the arm side lets that time pass. `Infinity`: it would never end. */
  seconds: number;
}

/** What stands around a guest: where it listens and who can reach it. Given by the arm side. */
export interface GuestSurroundings {
  vmName: string;
  clock: Clock;
  /** Loopback address of this VM alone; its RDP port is bound on it as numbered in its registry. */
  address: string;
  /** Whether a packet from `source` would reach `port` by the NSGs now in force. */
  isReachable(source: string, port: number): boolean;
  /** The address the service probes from, as the NSGs see it. */
  probeSource: string;
  /** Internet hosts hammering this VM's RDP port whenever the NSGs let them. */
  attackers: readonly string[];
  /** How its disks are connected; SCSI without it. With NVMe the guest sees no LUN. */
  diskController?: 'SCSI' | 'NVMe';
  /** Another running guest on the same virtual network, by its address: for the remote certificate store. */
  peer(address: string): Guest | undefined;
  /** Read anew at each power-on: it may have been swapped meanwhile. */
  osDisk: GuestDisk;
  /** Attached at power-on; later ones come through `attachDisk`. */
  dataDisks: ReadonlyMap<number, GuestDisk>;
}

/** Makes the Windows inside a VM; injected into the simulated Azure so that it knows no Windows. */
export type GuestFactory = (surroundings: GuestSurroundings) => Guest;

/** How guest scripts run: real PowerShell, or the fast TypeScript model of the same scripts. */
export type ScriptEngine = 'pwsh' | 'model';
