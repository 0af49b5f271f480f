import type { ProbeState } from '../model/probe.ts';
import type { Tool } from '../model/commands.ts';
import type { OutcomeKind, Phase, StepState } from '../model/record.ts';

/** What a reader sees at a glance; each has its own colour and sign. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

export interface Label {
  readonly text: string;
  readonly tone: Tone;
}

export const OUTCOMES: Readonly<Record<OutcomeKind, Label>> = {
  'repaired-online': { text: 'Repaired', tone: 'good' },
  'repaired-offline': { text: 'Repaired offline', tone: 'good' },
  healthy: { text: 'Healthy', tone: 'good' },
  diagnosed: { text: 'Diagnosed', tone: 'plain' },
  refused: { text: 'Refused', tone: 'warn' },
  'set-by-policy': { text: 'Set by a policy', tone: 'warn' },
  'not-fixed': { text: 'Not fixed', tone: 'bad' },
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
  healthy: { text: 'RDP answers', tone: 'good' },
  filtered: { text: 'No answer', tone: 'bad' },
  refused: { text: 'Refused', tone: 'bad' },
  'no-tls': { text: 'Answers without TLS', tone: 'warn' },
  'not-rdp': { text: 'Not RDP', tone: 'bad' },
  'negotiation-failed': { text: 'Negotiation fails', tone: 'bad' },
  'tls-failed': { text: 'TLS fails', tone: 'bad' },
  'certificate-expired': { text: 'Certificate expired or not yet valid', tone: 'bad' },
  'nla-failed': { text: 'NLA fails', tone: 'bad' },
  'other-machine': { text: 'Another machine', tone: 'warn' },
};

/** What is under way in each phase: a clause. */
export const PHASES: Readonly<Record<Phase, string>> = {
  preflight: 'looking at the VM, and asking RDP',
  snapshot: 'taking a snapshot of the OS disk',
  'rdp-security': 'closing RDP to the Internet',
  online: 'repairing while the VM runs',
  rehearsal: 'rehearsing the offline repair on a copy of the OS disk while the VM runs',
  approval: 'waiting for approval',
  offline: 'the VM is down, and a copy of its OS disk is being repaired',
  restore: 'putting the repaired disk under the VM',
  verify: 'starting the VM, and asking RDP',
  undo: 'undoing what was changed',
  'clean-up': 'deleting what was made on the way',
  ended: 'writing the report',
};

/** Where commands are typed. */
export const TOOLS: Readonly<Record<Tool, string>> = {
  az: 'Azure CLI',
  'az-powershell': 'PowerShell (Az module)',
  windows: 'On the VM, in PowerShell as an administrator',
  'rdp-medic': 'RDP Medic',
  http: 'HTTP call to RDP Medic',
};

const ABBREVIATIONS = /\b(acl|bcd|id|nsg|os|rdp|tls|vm)\b/g;

/** `restart-vm` as `Restart VM`; anything that is not such a word stays as it came. */
export function sentenceCase(word: string): string {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word)) return word;
  const words = word.replaceAll('-', ' ').replace(ABBREVIATIONS, (short) => short.toUpperCase());
  return capitalised(words);
}

/** Of our own words; a foreign first letter stays: some have no capital of one letter. */
export function capitalised(words: string): string {
  return words.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
