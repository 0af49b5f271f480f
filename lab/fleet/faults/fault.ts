import type { GuestDisk } from '../../windows/disk.ts';

/** One thing that is wrong with a Windows: put onto its disk, and met by whatever runs from it. */
export type Fault = (disk: GuestDisk) => void;
