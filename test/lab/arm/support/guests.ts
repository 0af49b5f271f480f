import type { GuestDisk } from '../../../../lab/windows/disk.ts';
import type {
  Guest,
  GuestFactory,
  GuestSurroundings,
  ScriptOutcome,
  ScriptRun,
} from '../../../../lab/windows/guest.ts';

/** A guest of which tests see everything, standing in for Windows where only ARM's behaviour is of interest. */
interface RecordedGuest extends Guest {
  readonly surroundings: GuestSurroundings;
  readonly runs: ScriptRun[];
}

export interface TestGuests {
  factory: GuestFactory;
  /** The newest guest of a VM. */
  of(vmName: string): RecordedGuest;
  /** What the next scripts do, by what is in their text; default: print the text. */
  script: (run: ScriptRun, guest: RecordedGuest) => ScriptOutcome;
  /** Names of VMs whose agent is not ready. */
  silent: Set<string>;
}

export function createTestGuests(): TestGuests {
  const byVm = new Map<string, RecordedGuest>();
  const guests: TestGuests = {
    silent: new Set(),
    script: ({ text }) => ({ stdout: text, stderr: '', exitCode: 0, seconds: 2 }),
    of(vmName) {
      const guest = byVm.get(vmName);
      if (!guest) throw new Error(`${vmName} was never powered on.`);
      return guest;
    },
    factory(surroundings) {
      let state: Guest['state'] = 'off';
      const guest: RecordedGuest = {
        surroundings,
        runs: [],
        get state() {
          return state;
        },
        get agent() {
          if (state !== 'running') return 'Unknown';
          return guests.silent.has(surroundings.vmName) ? 'Not Ready' : 'Ready';
        },
        powerOn() {
          state = 'running';
          return Promise.resolve();
        },
        powerOff() {
          state = 'off';
          return Promise.resolve();
        },
        attachDisk: () => undefined,
        detachDisk: () => undefined,
        runScript(run) {
          guest.runs.push(run);
          return Promise.resolve(guests.script(run, guest));
        },
      };
      byVm.set(surroundings.vmName, guest);
      return guest;
    },
  };
  return guests;
}

/** A disk with one volume and a label to know it by. */
export function labelledDisk(label: string): GuestDisk {
  return {
    style: 'GPT',
    identity: `{${label}}`,
    partitions: [{ number: 1, kind: 'windows', guid: `{${label}-1}`, label, ownLetter: 'C', files: {} }],
  };
}
