import type { OperationKind } from '../model/operation-record.ts';
import type { ProbeState } from '../model/probe.ts';
import type { OutcomeKind, Phase, StepId, StepState } from '../model/record.ts';
import type { Mode, RequestSource } from '../model/request.ts';

/** What the service calls by its own names, in words: for report, notifications, command line, and (written from here) the page. */

/** What a reader sees at a glance; each has its own colour and sign. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

export interface Label {
  readonly text: string;
  readonly tone: Tone;
}

export const OUTCOMES: Readonly<Record<OutcomeKind, Label>> = {
  'repaired-online': { text: 'Repaired online', tone: 'good' },
  'repaired-offline': { text: 'Repaired offline', tone: 'good' },
  healthy: { text: 'Healthy', tone: 'good' },
  diagnosed: { text: 'Diagnosed', tone: 'plain' },
  refused: { text: 'Refused', tone: 'warn' },
  'set-by-policy': { text: 'Set by Group Policy', tone: 'warn' },
  'not-fixed': { text: 'Not repaired', tone: 'bad' },
  failed: { text: 'Failed', tone: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
  'rolled-back': { text: 'Rolled back', tone: 'plain' },
};

export const STEP_STATES: Readonly<Record<StepState, Label>> = {
  running: { text: 'Running', tone: 'plain' },
  done: { text: 'Done', tone: 'plain' },
  'not-needed': { text: 'Not needed', tone: 'plain' },
  fixed: { text: 'Fixed', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  skipped: { text: 'Skipped', tone: 'plain' },
};

export const PROBE_STATES: Readonly<Record<ProbeState, Label>> = {
  healthy: { text: 'Healthy', tone: 'good' },
  filtered: { text: 'No response', tone: 'bad' },
  refused: { text: 'Connection refused', tone: 'bad' },
  'no-tls': { text: 'No TLS', tone: 'warn' },
  'not-rdp': { text: 'Not RDP', tone: 'bad' },
  'negotiation-failed': { text: 'Negotiation fails', tone: 'bad' },
  'tls-failed': { text: 'TLS handshake fails', tone: 'bad' },
  'certificate-expired': { text: 'Certificate not valid', tone: 'bad' },
  'nla-failed': { text: 'NLA fails', tone: 'bad' },
  'other-machine': { text: 'Different machine', tone: 'warn' },
};

/** What is in progress in each phase. */
export const PHASES: Readonly<Record<Phase, string>> = {
  preflight: 'Running preflight checks',
  snapshot: 'Taking a snapshot',
  'rdp-security': 'Restricting access to RDP',
  online: 'Repairing online',
  rehearsal: 'Rehearsing the offline repair',
  approval: 'Waiting for approval',
  offline: 'Repairing offline',
  restore: 'Replacing the OS disk',
  verify: 'Verifying RDP',
  undo: 'Undoing changes',
  'clean-up': 'Cleaning up',
  ended: 'Writing the report',
};

/** The phases that a repair may go through, in their order, by their short names. */
export const COURSE: Readonly<Partial<Record<Phase, string>>> = {
  preflight: 'Preflight',
  snapshot: 'Snapshot',
  'rdp-security': 'RDP access',
  online: 'Online repair',
  rehearsal: 'Rehearsal',
  approval: 'Approval',
  offline: 'Offline repair',
  restore: 'Disk swap',
  verify: 'Verify',
  'clean-up': 'Clean-up',
};

/** Short names of the steps, for drawings. */
export const STEPS: Readonly<Record<StepId, string>> = {
  preflight: 'Preflight',
  probe: 'Check RDP',
  diagnose: 'Diagnosis',
  snapshot: 'Snapshot',
  'rdp-security': 'RDP access',
  'rdp-port': 'Port and listener',
  'certificate-and-keys': 'Certificate and keys',
  tls: 'TLS',
  rehearsal: 'Rehearsal',
  approval: 'Approval',
  'offline-repair': 'Offline repair',
  restore: 'Disk swap',
  verify: 'Verify',
  'clean-up': 'Clean-up',
};

/** What Azure is doing, or has done. */
export const OPERATIONS: Readonly<Record<OperationKind, string>> = {
  deallocate: 'Deallocate the VM',
  'power-off': 'Power off the VM',
  start: 'Start the VM',
  restart: 'Restart the VM',
  'swap-os-disk': 'Swap the OS disk',
  'detach-on-delete': 'Keep disks and network interfaces when the VM is deleted',
  'delete-vm': 'Delete the VM, keeping its disks and network interfaces',
  'recreate-vm': 'Recreate the VM with its disks',
  'create-snapshot': 'Create a snapshot',
  'copy-disk': 'Create a copy of the OS disk',
  'create-rescue-vm': 'Create the rescue VM',
  'set-security-rule': 'Change a security rule',
  'run-script': 'Run a script with Run Command',
};

export const MODES: Readonly<Record<Mode, string>> = {
  diagnose: 'Diagnose only',
  online: 'Online repair',
  rehearse: 'Dry run (rehearsal)',
  full: 'Full repair',
};

/** Who requested a remediation, where nobody is named. */
export const SOURCES: Readonly<Record<RequestSource['kind'], string>> = {
  manual: 'API caller',
  operator: 'Operator',
  alert: 'Azure Monitor alert',
  ticket: 'Ticket',
  queue: 'Queue message',
};

/** How outcomes are counted: repaired, ended without a repair, and not repaired. */
export const GROUPS = [
  { name: 'repaired', text: 'Repaired', tone: 'good', outcomes: ['repaired-online', 'repaired-offline'] },
  {
    name: 'other',
    text: 'Other',
    tone: 'plain',
    outcomes: ['healthy', 'diagnosed', 'cancelled', 'rolled-back', 'refused'],
  },
  {
    name: 'unrepaired',
    text: 'Not repaired',
    tone: 'bad',
    outcomes: ['not-fixed', 'failed', 'set-by-policy'],
  },
] as const satisfies readonly { name: string; text: string; tone: Tone; outcomes: readonly OutcomeKind[] }[];
