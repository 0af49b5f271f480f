import type { Change, OutcomeOfChange, RegistryData } from '../model/change.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/finding.ts';
import type { StepId } from '../model/record.ts';

/** Registry values that a cause reads: part of the constant query of `guest/collect.ps1`. */
export interface RegistryQuery {
  readonly hive: 'system' | 'software';
  /** Below the control set, or below the SOFTWARE hive's root. */
  readonly path: string;
  readonly names: readonly string[];
}

/** A registry value that a cause may write, and all that it may write there: part of the constant allow-list of `guest/apply.ps1`. */
export interface RegistryDomain {
  readonly hive: 'system' | 'software';
  readonly path: string;
  readonly name: string;
  /** `null`: the value may be deleted. */
  readonly after: readonly RegistryData[];
}

/** What the request and the VM's surroundings say, which no fact inside Windows tells. */
export interface RepairOptions {
  /** Also switch TLS 1.0 and 1.1 on. */
  readonly legacyTls: boolean;
  /** Where RDP goes if it must move; without it the first free candidate. */
  readonly newRdpPort: number | undefined;
  /** The wire said that something else than RDP answers on the port; no disk shows that. */
  readonly portHeldByOther: boolean;
  /** An agent answered before: Group Policy may be held off, since it can be given back afterwards. */
  readonly agentAnswers: boolean;
  /** Where RDP is to be reached from, as the request names it (IPv4 addresses and ranges); nobody said so without it. */
  readonly rdpSources?: readonly string[];
}

/** A change that was carried out, with how it ended. */
export interface Done {
  readonly change: Change;
  readonly outcome: OutcomeOfChange;
}

/** All that a cause judges by: what Windows is now, and how earlier changes of this remediation ended. */
export interface Look {
  readonly facts: Facts;
  /** Oldest first. */
  readonly done: readonly Done[];
  readonly options: RepairOptions;
}

/** The step of the runbook that repairs a cause. */
export type CauseStep = Extract<StepId, 'rdp-security' | 'rdp-port' | 'certificate-and-keys' | 'tls'>;

/**
 * One known cause of "an internal error has occurred": pure functions over facts, the same for a running Windows and a disk. A
 * cause is this one file; its id is the same word in the fleet, the runbook and the report.
 */
export interface Cause {
  readonly id: string;
  readonly step: CauseStep;
  /** Its place within the step, lower first; gaps leave room for a new one. */
  readonly order: number;
  readonly title: string;
  /** Every code that `detect` may give, with what it says: one clause, the detail of the finding and its row in docs/findings.md. */
  readonly findings: Readonly<Record<string, string>>;
  readonly reads: readonly RegistryQuery[];
  readonly writes: readonly RegistryDomain[];
  /** What is seen of this cause; only a `fault` starts a repair. What could not be read is a warning of its own, never nothing. */
  readonly detect: (look: Look) => Finding[];
  /** What would mend the faults that `detect` sees; empty where only a person can. In the order in which it is to be done. */
  readonly repair: (look: Look) => Change[];
  /** When the changes count: at once (the verbs restart what must be), or with the next start of Windows. */
  readonly takesEffect: 'now' | 'with-restart-of-vm';
  readonly words: {
    /** What it looks like to whoever diagnoses, one sentence. */
    readonly seen: string;
    /** What the repair changes, one sentence. */
    readonly mend: string;
    /** What to do by hand where no script may. */
    readonly guidance: string;
    /** The same as commands, for docs/runbook.md (Markdown); `TS` is the key of the terminal server. */
    readonly byHand: string;
    /** How to take the repair back by hand (Markdown). */
    readonly undo: string;
  };
  /** The changes of a fault with a fixed cure: `apply.ps1 -Recipe <id>` by hand; empty where the cure depends on what is found. */
  readonly recipe: readonly Change[];
}

/** What a diagnosis gathers beside the causes: it never starts a repair. */
export interface Evidence {
  readonly findings: Readonly<Record<string, string>>;
  readonly reads: readonly RegistryQuery[];
  readonly detect: (look: Look) => Finding[];
}
