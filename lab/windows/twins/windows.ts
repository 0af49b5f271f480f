/** Where a Windows is: this machine's own, or one on an attached disk. Twin of `New-Windows` (`guest/lib/disk-session.ps1`). */
export interface Windows {
  readonly scope: 'online' | 'offline';
  /** Keys below HKLM. */
  readonly system: string;
  readonly software: string;
  /** `C:`. */
  root: string;
  /** Names of the control sets that count. */
  sets: readonly string[];
  /** Path of the boot store; '' for the running machine's own, or where there is none. */
  bootStore: string;
}
